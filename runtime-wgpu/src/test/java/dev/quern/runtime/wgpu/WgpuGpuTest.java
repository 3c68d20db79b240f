package dev.quern.runtime.wgpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.Kernel;
import dev.quern.runtime.Gpu;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is written comes back, and what kernels compute from it. */
class WgpuGpuTest {
    private WgpuGpu gpu;

    @BeforeEach
    void open() {
        gpu = TestDevice.open();
    }

    @AfterEach
    void close() {
        if (gpu != null) {
            gpu.close();
        }
    }

    @Test
    void aKernelDoublesNumbers() {
        Gpu.Buffer input = buffer("input", 256, i -> i);
        Gpu.Buffer output = gpu.buffer("output", 1024);
        run(TestKernels.DOUBLE, 4, 1, whole(input), whole(output));
        assertEquals(numbers(256, i -> 2 * i), read(output, 0, 256));
    }

    @Test
    void aNewBufferIsZero() {
        assertEquals(numbers(64, i -> 0), read(gpu.buffer("fresh", 256), 0, 64));
    }

    @Test
    void dispatchesOfARunSeeWhatEarlierOnesWrote() {
        Gpu.Buffer state = buffer("state", 64, i -> i);
        Gpu.Pipeline step = gpu.pipeline(TestKernels.STEP);
        Gpu.BindGroup group = gpu.bind(step, List.of(whole(state)));
        var dispatch = new Gpu.Dispatch("step", step, group, 1, 1, 1);
        gpu.run(List.of(dispatch, dispatch));
        gpu.run(List.of(dispatch));
        // 3 (3 (3 i + 1) + 1) + 1
        assertEquals(numbers(64, i -> 27 * i + 13), read(state, 0, 64));
    }

    @Test
    void aPartOfABufferIsWrittenAndRead() {
        Gpu.Buffer buffer = buffer("parts", 8, i -> i);
        gpu.write(buffer, 8, direct(2, i -> 100 + i));
        assertEquals(List.of(1, 100, 101, 4), read(buffer, 4, 4));
        ByteBuffer later = heap(4, i -> 200 + i).position(8);
        gpu.write(buffer, 24, later);
        assertEquals(List.of(202, 203), read(buffer, 24, 2));
        assertEquals(8, later.position(), "the position of the data must not move");
    }

    @Test
    void aBindingMayBeginInsideABuffer() {
        Gpu.Buffer input = buffer("input", 128, i -> i);
        Gpu.Buffer output = gpu.buffer("output", 256);
        run(TestKernels.DOUBLE, 1, 1, new Gpu.Binding.OfBuffer(input, 256, 256), whole(output));
        assertEquals(numbers(64, i -> 2 * (64 + i)), read(output, 0, 64));
    }

    /** Data on the heap goes through a chunk of one mebibyte: two and a half of them. */
    @Test
    void dataLargerThanAChunkArrivesWhole() {
        int count = 5 << 17;
        Gpu.Buffer buffer = gpu.buffer("large", count * 4L);
        gpu.write(buffer, 0, heap(count, i -> i * 7));
        assertEquals(numbers(count, i -> i * 7), read(buffer, 0, count));
    }

    @Test
    void aTextureIsRead() {
        Assumptions.assumeTrue(gpu.info().storageTextures(), "this device cannot read rgba32uint storage textures");
        Gpu.Texture texture = gpu.texture("weights", 4, 3);
        gpu.write(texture, 0, 2, heap(32, i -> i));
        gpu.write(texture, 2, 1, direct(16, i -> 32 + i));
        Gpu.Buffer output = gpu.buffer("output", 192);
        run(TestKernels.TEXELS, 1, 3, new Gpu.Binding.OfTexture(texture), whole(output));
        assertEquals(numbers(48, i -> i), read(output, 0, 48));
    }

    @Test
    void aTextureIsSampled() {
        Gpu.Texture texture = gpu.texture("weights", 4, 3);
        gpu.write(texture, 0, 3, heap(48, i -> i));
        Gpu.Buffer output = gpu.buffer("output", 192);
        run(TestKernels.SAMPLED, 1, 3, new Gpu.Binding.OfTexture(texture), whole(output));
        assertEquals(numbers(48, i -> i), read(output, 0, 48));
    }

    @Test
    void rowsLargerThanAChunkArriveWhole() {
        Assumptions.assumeTrue(gpu.info().storageTextures(), "this device cannot read rgba32uint storage textures");
        // 8,192 rows of 256 bytes are two chunks; no device allows fewer rows.
        int rows = 8192;
        Gpu.Texture texture = gpu.texture("weights", 16, rows);
        int count = rows * 16 * 4;
        gpu.write(texture, 0, rows, heap(count, i -> i));
        Gpu.Buffer output = gpu.buffer("output", count * 4L);
        run(
                TestKernels.kernel(
                        "wide-texels",
                        TestKernels.TEXELS.bindings(),
                        TestKernels.TEXELS
                                .source()
                                .replace("workgroup_size(4)", "workgroup_size(16)")
                                .replace("id.y * 4u", "id.y * 16u")),
                1,
                rows,
                new Gpu.Binding.OfTexture(texture),
                whole(output));
        assertEquals(numbers(count, i -> i), read(output, 0, count));
    }

    @Test
    void aUniformIsShared() {
        Gpu.Buffer shared = buffer("shared", 4, i -> 10 * i);
        Gpu.Buffer output = buffer("output", 64, i -> i);
        run(TestKernels.SHARED, 1, 1, whole(shared), whole(output));
        assertEquals(numbers(64, i -> i + 10), read(output, 0, 64));
    }

    @Test
    void subgroupsHaveASizeThatTheDeviceStates() {
        Assumptions.assumeTrue(gpu.info().maxSubgroupSize() > 0, "this device has no subgroups");
        Gpu.Buffer output = gpu.buffer("output", 8);
        run(TestKernels.SUBGROUP, 1, 1, whole(output));
        List<Integer> sizes = read(output, 0, 2);
        assertEquals(sizes.get(0), sizes.get(1), "the sum of ones over a subgroup");
        assertTrue(sizes.get(0) >= gpu.info().minSubgroupSize()
                && sizes.get(0) <= gpu.info().maxSubgroupSize());
    }

    /** A thousand times the work takes longer, whatever the device. */
    @Test
    void dispatchesAreTimed() {
        Assumptions.assumeTrue(gpu.canTime(), "this device takes no timestamps inside passes");
        Gpu.Pipeline step = gpu.pipeline(TestKernels.STEP);
        Gpu.Buffer state = gpu.buffer("state", 4_000_000L * 4);
        Gpu.BindGroup group = gpu.bind(step, List.of(whole(state)));
        double[] nanoseconds = gpu.time(List.of(
                new Gpu.Dispatch("warm up", step, group, 62_500, 1, 1),
                new Gpu.Dispatch("short", step, group, 62, 1, 1),
                new Gpu.Dispatch("long", step, group, 62_500, 1, 1)));
        assertEquals(3, nanoseconds.length);
        assertTrue(nanoseconds[2] > nanoseconds[1], "short " + nanoseconds[1] + " ns, long " + nanoseconds[2] + " ns");
        assertEquals(List.of(13), read(state, 0, 1), "timed dispatches are run: three steps from 0");
    }

    @Test
    void kernelsRunWithTheChecksOfTheLibraryToo() {
        gpu.close();
        System.setProperty("quern.wgpu.checked", "1");
        try {
            gpu = TestDevice.open();
        } finally {
            System.clearProperty("quern.wgpu.checked");
        }
        Gpu.Buffer input = buffer("input", 64, i -> i);
        Gpu.Buffer output = gpu.buffer("output", 256);
        run(TestKernels.DOUBLE, 1, 1, whole(input), whole(output));
        assertEquals(numbers(64, i -> 2 * i), read(output, 0, 64));
    }

    @Test
    void aClosedBufferIsNotUsed() {
        Gpu.Buffer buffer = gpu.buffer("short-lived", 16);
        buffer.close();
        buffer.close();
        var problem = assertThrows(IllegalStateException.class, () -> read(buffer, 0, 4));
        assertEquals("The buffer \"short-lived\" is used after it was closed.", problem.getMessage());
    }

    /** The library would end the process if such commands were submitted. */
    @Test
    void whatIsBoundToAClosedBufferIsNotRun() {
        Gpu.Buffer state = gpu.buffer("state", 256);
        Gpu.Pipeline step = gpu.pipeline(TestKernels.STEP);
        Gpu.BindGroup group = gpu.bind(step, List.of(whole(state)));
        var dispatch = new Gpu.Dispatch("step", step, group, 1, 1, 1);
        gpu.run(List.of(dispatch));
        state.close();
        var problem = assertThrows(IllegalStateException.class, () -> gpu.run(List.of(dispatch)));
        assertEquals(
                "The resources bound to the kernel \"step\" are used after the buffer \"state\" was closed.",
                problem.getMessage());
    }

    @Test
    void aBufferOfAnotherDeviceIsRefused() {
        try (WgpuGpu other = TestDevice.open()) {
            Gpu.Buffer foreign = other.buffer("foreign", 16);
            var problem = assertThrows(IllegalArgumentException.class, () -> read(foreign, 0, 4));
            assertEquals("The buffer is of another device.", problem.getMessage());
        }
    }

    private void run(Kernel kernel, int x, int y, Gpu.Binding... bindings) {
        Gpu.Pipeline pipeline = gpu.pipeline(kernel);
        Gpu.BindGroup group = gpu.bind(pipeline, List.of(bindings));
        gpu.run(List.of(new Gpu.Dispatch(kernel.name(), pipeline, group, x, y, 1)));
    }

    private Gpu.Buffer buffer(String label, int count, IntUnaryOperator value) {
        Gpu.Buffer buffer = gpu.buffer(label, count * 4L);
        gpu.write(buffer, 0, heap(count, value));
        return buffer;
    }

    private static Gpu.Binding whole(Gpu.Buffer buffer) {
        return new Gpu.Binding.OfBuffer(buffer, 0, buffer.bytes());
    }

    private static ByteBuffer heap(int count, IntUnaryOperator value) {
        return fill(ByteBuffer.allocate(count * 4), value);
    }

    private static ByteBuffer direct(int count, IntUnaryOperator value) {
        return fill(ByteBuffer.allocateDirect(count * 4), value);
    }

    private static ByteBuffer fill(ByteBuffer data, IntUnaryOperator value) {
        data.order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; data.hasRemaining(); i++) {
            data.putInt(value.applyAsInt(i));
        }
        return data.flip();
    }

    private static List<Integer> numbers(int count, IntUnaryOperator value) {
        return IntStream.range(0, count).map(value).boxed().toList();
    }

    private List<Integer> read(Gpu.Buffer buffer, long offset, int count) {
        var result = new ArrayList<Integer>();
        gpu.read(buffer, offset, count * 4, data -> {
            while (data.hasRemaining()) {
                result.add(data.getInt());
            }
        });
        return result;
    }
}
