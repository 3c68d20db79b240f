package dev.quern.runtime.wgpu;

import dev.quern.plan.Kernel;
import dev.quern.plan.Kernel.Access;
import java.util.List;

/** Small kernels, each for one thing that a device must do. */
final class TestKernels {
    private TestKernels() {}

    /** {@code output[i] = 2 * input[i]}, 64 at a time. */
    static final Kernel DOUBLE = kernel("double", List.of(Access.READ, Access.READ_WRITE), """
            @group(0) @binding(0) var<storage, read> input: array<u32>;
            @group(0) @binding(1) var<storage, read_write> output: array<u32>;

            @compute @workgroup_size(64)
            fn main(@builtin(global_invocation_id) id: vec3<u32>) {
                output[id.x] = 2u * input[id.x];
            }
            """);

    /** {@code numbers[i] = 3 * numbers[i] + 1}: run twice, the order of runs shows. */
    static final Kernel STEP = kernel("step", List.of(Access.READ_WRITE), """
            @group(0) @binding(0) var<storage, read_write> numbers: array<u32>;

            @compute @workgroup_size(64)
            fn main(@builtin(global_invocation_id) id: vec3<u32>) {
                numbers[id.x] = 3u * numbers[id.x] + 1u;
            }
            """);

    /** Copies the four numbers of each texel of a texture four texels wide. */
    static final Kernel TEXELS = kernel("texels", List.of(Access.TEXTURE, Access.READ_WRITE), """
            @group(0) @binding(0) var weights: texture_storage_2d<rgba32uint, read>;
            @group(0) @binding(1) var<storage, read_write> output: array<vec4<u32>>;

            @compute @workgroup_size(4)
            fn main(@builtin(global_invocation_id) id: vec3<u32>) {
                output[id.y * 4u + id.x] = textureLoad(weights, vec2<i32>(id.xy));
            }
            """);

    /** As {@link #TEXELS}, through a binding for sampling. */
    static final Kernel SAMPLED = kernel(
            "sampled",
            List.of(Access.SAMPLED_TEXTURE, Access.READ_WRITE),
            TEXELS.source()
                    .replace("texture_storage_2d<rgba32uint, read>", "texture_2d<u32>")
                    .replace("id.xy)", "id.xy), 0"));

    /** Adds a number that all invocations share. */
    static final Kernel SHARED = kernel("shared", List.of(Access.UNIFORM, Access.READ_WRITE), """
            @group(0) @binding(0) var<uniform> shared_number: vec4<u32>;
            @group(0) @binding(1) var<storage, read_write> output: array<u32>;

            @compute @workgroup_size(64)
            fn main(@builtin(global_invocation_id) id: vec3<u32>) {
                output[id.x] += shared_number.y;
            }
            """);

    /** The size of a subgroup, and the sum of ones over it, which has to be the same. */
    static final Kernel SUBGROUP =
            new Kernel("subgroup", "main", List.of(Access.READ_WRITE), List.of(Kernel.Feature.SUBGROUPS), """
            @group(0) @binding(0) var<storage, read_write> output: array<u32>;

            @compute @workgroup_size(64)
            fn main(@builtin(local_invocation_index) index: u32, @builtin(subgroup_size) size: u32) {
                let sum = subgroupAdd(1u);
                if (index == 0u) {
                    output[0] = size;
                    output[1] = sum;
                }
            }
            """);

    static Kernel kernel(String name, List<Access> bindings, String source) {
        return new Kernel(name, "main", bindings, List.of(), source);
    }
}
