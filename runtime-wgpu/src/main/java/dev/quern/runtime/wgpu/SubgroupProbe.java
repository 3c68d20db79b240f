package dev.quern.runtime.wgpu;

import dev.quern.plan.Kernel;
import dev.quern.runtime.DeviceInfo;
import dev.quern.runtime.Gpu;
import java.util.List;

/**
 * Finds out the sizes of a device's subgroups, which the library does not tell: it leaves both fields at zero.
 *
 * <p>A small kernel reports the size that it got. Some makers' compilers choose a size for each kernel, so that one
 * answer says nothing about the next kernel; for those the range is the one that the maker documents, made wide enough
 * for the answer.
 */
final class SubgroupProbe {
    private static final Kernel KERNEL =
            new Kernel("subgroup-size", "main", List.of(Kernel.Access.READ_WRITE), List.of(), """
            @group(0) @binding(0) var<storage, read_write> output: array<u32>;

            @compute @workgroup_size(128)
            fn main(@builtin(local_invocation_index) index: u32, @builtin(subgroup_size) size: u32) {
                if (index == 0u) {
                    output[0] = size;
                }
            }
            """);

    private SubgroupProbe() {}

    /** The description of a device with subgroups, with their sizes filled in. */
    static DeviceInfo measure(WgpuGpu gpu, DeviceInfo info, String vendor) {
        Gpu.Buffer output = gpu.buffer("subgroup-size", 4);
        Gpu.Pipeline pipeline = gpu.pipeline(KERNEL);
        Gpu.BindGroup group = gpu.bind(pipeline, List.of(new Gpu.Binding.OfBuffer(output, 0, 4)));
        gpu.run(List.of(new Gpu.Dispatch("subgroup-size", pipeline, group, 1, 1, 1)));
        int[] size = new int[1];
        gpu.read(output, 0, 4, data -> size[0] = data.getInt());
        output.close();
        Range range = range(vendor, size[0]);
        return new DeviceInfo(
                info.name(),
                info.kind(),
                info.backend(),
                info.driver(),
                info.limits(),
                Math.min(range.smallest(), size[0]),
                Math.max(range.largest(), size[0]),
                info.storageTextures());
    }

    private record Range(int smallest, int largest) {}

    private static Range range(String vendor, int measured) {
        return switch (vendor) {
            case "AMD" -> new Range(32, 64);
            case "Intel" -> new Range(8, 32);
            case "Qualcomm" -> new Range(64, 128);
            default -> new Range(measured, measured);
        };
    }
}
