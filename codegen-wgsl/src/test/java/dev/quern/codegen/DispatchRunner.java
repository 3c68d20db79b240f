package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelPrinter;
import dev.quern.codegen.repack.Repack;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Binding;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Encoding;
import dev.quern.ir.Function;
import dev.quern.ir.Op;
import dev.quern.ir.StateType;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorType;
import dev.quern.ir.Type;
import dev.quern.ir.Value;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Kernel;
import dev.quern.plan.Placement;
import dev.quern.plan.WeightSpec;
import dev.quern.reference.BlockCodec;
import dev.quern.reference.BlockEncoder;
import dev.quern.reference.StateRows;
import dev.quern.reference.Tensor;
import dev.quern.runtime.Gpu;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs a {@link Program} on a device: one buffer a value, with no memory plan between, so that what fails is a kernel
 * or its selection.
 *
 * <p>Buffers are a little larger than what is bound of them. Whatever no input fills holds a NaN, so that results that
 * were not written, and inputs that should not have been read, show; behind the bound part it must stand there
 * afterwards.
 */
final class DispatchRunner implements AutoCloseable {
    private static final int UNTOUCHED = 0x7fc5afe5;
    private static final int GUARD_BYTES = 256;

    private final Gpu gpu;
    private final Map<Kernel, Gpu.Pipeline> pipelines = new HashMap<>();

    DispatchRunner(Gpu gpu) {
        this.gpu = gpu;
    }

    /**
     * What a device computed.
     *
     * @param values by name of the result, halves of states as floats
     * @param extras the contents of the extra buffers
     */
    record Outcome(Map<String, Tensor> values, List<int[]> extras) {}

    /** Lowers a program for a profile and runs it. */
    Outcome run(Program program, DeviceProfile profile, int[]... extras) {
        return run(program, SelectKernels.select(program.module(), profile), profile, extras);
    }

    /** Runs a program that is lowered already. */
    Outcome run(Program program, Selection selection, DeviceProfile profile, int[]... extras) {
        Run run = new Run(program, selection, profile);
        try {
            return run.outcome(extras);
        } finally {
            run.buffers.forEach(Gpu.Buffer::close);
            run.textures.forEach(Gpu.Texture::close);
        }
    }

    /** Compiles a kernel, once. */
    Gpu.Pipeline pipeline(Kernel kernel) {
        return pipelines.computeIfAbsent(kernel, gpu::pipeline);
    }

    @Override
    public void close() {
        gpu.close();
    }

    /** One run, and what it has allocated. */
    private final class Run {
        private final Program program;
        private final Selection selection;
        private final DeviceProfile profile;
        private final Function function;
        private final Map<String, Gpu.Binding> bound = new LinkedHashMap<>();
        private final List<Gpu.Buffer> buffers = new ArrayList<>();
        private final List<Gpu.Texture> textures = new ArrayList<>();

        Run(Program program, Selection selection, DeviceProfile profile) {
            this.program = program;
            this.selection = selection;
            this.profile = profile;
            this.function = selection.module().function(Program.MAIN).orElseThrow();
        }

        Outcome outcome(int[]... extras) {
            for (Value parameter : function.parameters()) {
                bound.put(parameter.toString(), upload(parameter));
            }
            List<Gpu.Binding> extraBindings = new ArrayList<>();
            for (int[] extra : extras) {
                extraBindings.add(buffer("extra", ints(extra), 4L * extra.length));
            }
            List<Gpu.Dispatch> dispatches = new ArrayList<>();
            for (Statement statement : function.body()) {
                dispatches.add(dispatch(statement, extraBindings));
            }
            gpu.run(dispatches);
            Map<String, Tensor> values = new LinkedHashMap<>();
            for (Value result : function.results()) {
                values.put(result.name(), download(result));
            }
            List<int[]> changed = new ArrayList<>();
            for (Gpu.Binding extra : extraBindings) {
                ByteBuffer data = read("extra", extra);
                int[] contents = new int[data.remaining() / 4];
                data.asIntBuffer().get(contents);
                changed.add(contents);
            }
            return new Outcome(values, changed);
        }

        private Gpu.Dispatch dispatch(Statement statement, List<Gpu.Binding> extraBindings) {
            Op op = statement.op();
            if (!(op instanceof Dispatch dispatch)) {
                throw new IllegalArgumentException("not lowered: " + op);
            }
            List<Gpu.Binding> bindings = new ArrayList<>();
            for (Binding binding : dispatch.bindings()) {
                Gpu.Binding there = binding.read()
                        .map(value -> bound.computeIfAbsent(value.toString(), _ -> weight(value)))
                        .orElseGet(() -> result(statement, binding));
                binding.result()
                        .ifPresent(number ->
                                bound.put(statement.results().get(number).toString(), there));
                bindings.add(there);
            }
            bindings.addAll(extraBindings);
            KernelDefinition kernel = selection.kernel(dispatch);
            Gpu.Pipeline pipeline = pipeline(KernelPrinter.print(kernel));
            List<Integer> grid = dispatch.grid().axes().stream()
                    .map(extent -> Math.toIntExact(extent.at(program.extent(extent.dim()))))
                    .toList();
            return new Gpu.Dispatch(
                    kernel.name(), pipeline, gpu.bind(pipeline, bindings), grid.get(0), grid.get(1), grid.get(2));
        }

        private Gpu.Binding result(Statement statement, Binding binding) {
            Value result = statement.results().get(binding.result().orElseThrow());
            return buffer(result.name(), ByteBuffer.allocate(0), bytes(result.type()));
        }

        private Gpu.Binding upload(Value parameter) {
            Tensor input = program.input(parameter.name());
            ByteBuffer data = input.integral()
                    ? ints(input.ints())
                    : ByteBuffer.wrap(
                            switch (parameter.type()) {
                                case TensorType tensor ->
                                    BlockEncoder.of(tensor.encoding()).encode(input.floats());
                                case StateType state -> StateRows.encode(state, input.floats());
                            });
            return buffer(parameter.name(), data, bytes(parameter.type()));
        }

        private Gpu.Binding weight(Value value) {
            TileGeometry geometry = selection.geometries().get(value.name());
            if (geometry != null) {
                return tiles(value, geometry);
            }
            Optional<RopeTable> table =
                    RopeTable.of(selection.module().weight(value.name()).orElseThrow());
            if (table.isEmpty()) {
                ByteBuffer data = program.bytes(value.name());
                return buffer(value.name(), data, data.remaining());
            }
            RopeTable contents = table.get();
            float[] factors = contents.source()
                    .factors()
                    .map(weight -> BlockCodec.of(Encoding.Scalar.F32).decode(program.bytes(weight)))
                    .orElse(new float[0]);
            ByteBuffer data = contents.rows(0, Math.toIntExact(contents.positions()), factors);
            return buffer(value.name(), data, contents.bytes());
        }

        private Gpu.Binding tiles(Value value, TileGeometry geometry) {
            ByteBuffer data = tiled(geometry, program.bytes(value.name()));
            if (profile.placement() == Placement.BUFFER) {
                return buffer(value.name(), data, geometry.bytes());
            }
            int rowBytes = WeightSpec.TEXTURE_WIDTH * WeightSpec.TEXEL_BYTES;
            int rows = Math.ceilDiv(data.remaining(), rowBytes);
            ByteBuffer whole = ByteBuffer.allocate(rows * rowBytes).put(data).clear();
            Gpu.Texture texture = gpu.texture(value.name(), WeightSpec.TEXTURE_WIDTH, rows);
            textures.add(texture);
            gpu.write(texture, 0, rows, whole);
            return new Gpu.Binding.OfTexture(texture);
        }

        private Gpu.Binding buffer(String name, ByteBuffer data, long bytes) {
            ByteBuffer contents =
                    ByteBuffer.allocate(Math.toIntExact(bytes) + GUARD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            while (contents.hasRemaining()) {
                contents.putInt(UNTOUCHED);
            }
            contents.clear().put(data).clear();
            Gpu.Buffer buffer = gpu.buffer(name, contents.capacity());
            buffers.add(buffer);
            gpu.write(buffer, 0, contents);
            return new Gpu.Binding.OfBuffer(buffer, 0, bytes);
        }

        private Tensor download(Value result) {
            TensorType type = contents(result.type());
            ByteBuffer data = read(result.name(), bound(result));
            int[] shape = type.shape().stream().mapToInt(program::extent).toArray();
            int elements = 1;
            for (int extent : shape) {
                elements *= extent;
            }
            if (type.encoding() == Encoding.Scalar.U32) {
                int[] contents = new int[elements];
                data.asIntBuffer().get(contents);
                return Tensor.ints(contents, shape);
            }
            if (result.type() instanceof StateType state) {
                return Tensor.floats(StateRows.decode(state, data), shape);
            }
            data.limit((int) type.encoding().bytesOf(elements));
            return Tensor.floats(BlockCodec.of(type.encoding()).decode(data), shape);
        }

        private Gpu.Binding bound(Value value) {
            Gpu.Binding binding = bound.get(value.toString());
            if (binding == null) {
                throw new IllegalArgumentException(value + " is bound nowhere");
            }
            return binding;
        }

        /** What is bound, after a look at what stands behind it. */
        private ByteBuffer read(String name, Gpu.Binding binding) {
            Gpu.Binding.OfBuffer part = (Gpu.Binding.OfBuffer) binding;
            int bytes = Math.toIntExact(part.bytes());
            ByteBuffer copy = ByteBuffer.allocate(bytes + GUARD_BYTES);
            gpu.read(part.buffer(), 0, copy.capacity(), copy::put);
            copy.clear().order(ByteOrder.LITTLE_ENDIAN);
            for (int at = bytes; at < copy.capacity(); at += 4) {
                assertEquals(UNTOUCHED, copy.getInt(at), "written behind the end of " + name);
            }
            return copy.limit(bytes);
        }
    }

    /** A whole weight in tiles. */
    static ByteBuffer tiled(TileGeometry geometry, ByteBuffer rows) {
        ByteBuffer target = ByteBuffer.allocate(Math.toIntExact(geometry.bytes()));
        Repack repack = new Repack(geometry);
        long rowBytes = geometry.encoding().bytesOf(geometry.columns());
        for (long tile = 0; tile < geometry.tiles(); tile++) {
            int start = Math.toIntExact(geometry.firstRow(tile) * rowBytes);
            int bytes = Math.toIntExact(geometry.rowsOf(tile) * rowBytes);
            target.put(repack.tile(rows.slice(start, bytes), tile));
        }
        return target.flip();
    }

    private static TensorType contents(Type type) {
        return switch (type) {
            case TensorType tensor -> tensor;
            case StateType state -> state.contents();
        };
    }

    private static long bytes(Type type) {
        return switch (type) {
            case TensorType tensor -> tensor.maxBytes();
            case StateType state -> state.maxBytes();
        };
    }

    private static ByteBuffer ints(int[] numbers) {
        ByteBuffer data = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asIntBuffer().put(numbers);
        return data;
    }
}
