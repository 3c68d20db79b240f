package dev.quern.runtime.wgpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.plan.Kernel;
import dev.quern.runtime.Gpu;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a kernel writes comes back, from buffers and from textures. */
class WgpuGpuTest {
    private static WgpuGpu gpu;

    @BeforeAll
    static void open() {
        gpu = TestDevice.open();
    }

    @AfterAll
    static void close() {
        if (gpu != null) {
            gpu.close();
        }
    }

    private static final Kernel DOUBLE =
            new Kernel("double", "main", List.of(Kernel.Access.READ, Kernel.Access.READ_WRITE), List.of(), """
            @group(0) @binding(0) var<storage, read> input: array<u32>;
            @group(0) @binding(1) var<storage, read_write> output: array<u32>;

            @compute @workgroup_size(64)
            fn main(@builtin(global_invocation_id) id: vec3<u32>) {
                output[id.x] = 2u * input[id.x];
            }
            """);

    @Test
    void aKernelDoublesNumbers() {
        int count = 256;
        Gpu.Buffer input = gpu.buffer("input", count * 4L);
        Gpu.Buffer output = gpu.buffer("output", count * 4L);
        gpu.write(input, 0, numbers(count));
        Gpu.Pipeline pipeline = gpu.pipeline(DOUBLE);
        Gpu.BindGroup group = gpu.bind(
                pipeline,
                List.of(
                        new Gpu.Binding.OfBuffer(input, 0, count * 4L),
                        new Gpu.Binding.OfBuffer(output, 0, count * 4L)));
        gpu.run(List.of(new Gpu.Dispatch("double", pipeline, group, count / 64, 1, 1)));
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            expected.add(2 * i);
        }
        assertEquals(expected, read(output, 0, count));
        input.close();
        output.close();
    }

    private static ByteBuffer numbers(int count) {
        ByteBuffer data = ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            data.putInt(i);
        }
        return data.flip();
    }

    private static List<Integer> read(Gpu.Buffer buffer, long offset, int count) {
        List<Integer> result = new ArrayList<>();
        gpu.read(buffer, offset, count * 4, data -> {
            while (data.hasRemaining()) {
                result.add(data.getInt());
            }
        });
        return result;
    }
}
