package dev.quern.endtoend;

import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.ModelCompiler;
import dev.quern.endtoend.RealModels.RealModel;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Op;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.text.Expressions;
import dev.quern.plan.BufferSpec;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Plan;
import dev.quern.plan.WeightSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the plan of a model says, without its weights.
 *
 * @param model that was compiled from its header
 * @param parameters of the model
 * @param dispatches of a token
 * @param layer what is computed from one layer's attention to the next's, a dispatch each: of the layers those that
 *     take most
 * @param fewest dispatches of a layer
 * @param memory on the device, by the encoding of keys and values
 * @param seconds that compiling took
 */
record ModelFigures(
        RealModel model,
        long parameters,
        int dispatches,
        List<String> layer,
        int fewest,
        Map<CacheEncoding, Memory> memory,
        double seconds) {
    /** As many positions as the figures are for. */
    static final int CONTEXT = 4096;

    /** Bytes on the device. */
    record Memory(long weights, long states, long rest) {
        static Memory of(Plan plan) {
            long weights = plan.weights().stream().mapToLong(WeightSpec::bytes).sum();
            long states = 0;
            long rest = 0;
            for (BufferSpec buffer : plan.buffers()) {
                if (buffer.role() == BufferSpec.Role.STATE) {
                    states += buffer.bytes();
                } else {
                    rest += buffer.bytes();
                }
            }
            return new Memory(weights, states, rest);
        }

        long total() {
            return weights + states + rest;
        }
    }

    /** Compiles a model for a device of which nothing is known but WebGPU's default limits. */
    static ModelFigures of(RealModel model) {
        CompileOptions options =
                CompileOptions.of(DeviceProfile.PORTABLE).withContext(CONTEXT).withCache(CacheEncoding.DEFAULT);
        long start = System.nanoTime();
        CompiledModel compiled = ModelCompiler.compile(model.file(), options);
        double seconds = (System.nanoTime() - start) / 1e9;
        Map<CacheEncoding, Memory> memory = new LinkedHashMap<>();
        for (CacheEncoding cache : CacheEncoding.values()) {
            CompiledModel other = cache == CacheEncoding.DEFAULT
                    ? compiled
                    : ModelCompiler.compile(model.file(), options.withCache(cache));
            memory.put(cache, Memory.of(other.plan()));
        }
        List<Op> step = compiled.selection().module().function("step").orElseThrow().body().stream()
                .map(Statement::op)
                .map(ModelFigures::computed)
                .toList();
        List<List<Op>> layers = layers(step);
        Comparator<List<Op>> bySize = Comparator.comparingInt(List::size);
        List<String> longest = layers.stream().max(bySize).orElseThrow().stream()
                .map(ModelFigures::said)
                .toList();
        int fewest = layers.stream().min(bySize).orElseThrow().size();
        return new ModelFigures(model, compiled.facts().parameters(), step.size(), longest, fewest, memory, seconds);
    }

    /** Each from its attention to that of the next. */
    private static List<List<Op>> layers(List<Op> step) {
        List<Integer> attentions = new ArrayList<>();
        for (int index = 0; index < step.size(); index++) {
            if (step.get(index) instanceof TensorOp.Attention) {
                attentions.add(index);
            }
        }
        List<List<Op>> layers = new ArrayList<>();
        for (int index = 1; index < attentions.size(); index++) {
            layers.add(step.subList(attentions.get(index - 1), attentions.get(index)));
        }
        return layers;
    }

    private static Op computed(Op op) {
        return op instanceof Dispatch dispatch ? dispatch.computes() : op;
    }

    private static String said(Op op) {
        return switch (op) {
            case TensorOp.Linear linear -> product(linear.norm().isPresent(), linear.finish());
            case TensorOp.MatMul product -> product(false, TensorOp.Linear.PLAIN);
            case TensorOp.Products products ->
                products.sum().map(_ -> "norm (x + #0) and ").orElse("")
                        + String.join(
                                " beside ",
                                products.products().stream()
                                        .map(each -> product(products.norm().isPresent(), each.finish()))
                                        .toList());
            case TensorOp.Attention attention ->
                "attention" + attention.cap().map(cap -> " (capped)").orElse("");
            case TensorOp.PlaceHeads heads -> {
                List<String> parts = new ArrayList<>();
                if (heads.parts().stream().anyMatch(part -> part.norm().isPresent())) {
                    parts.add("norm");
                }
                if (heads.rotation().isPresent()) {
                    parts.add("rotation");
                }
                yield parts.isEmpty() ? "heads" : "heads (" + String.join(", ", parts) + ")";
            }
            case TensorOp.RmsNorm norm -> norm.plain() ? "norm" : "norm (" + finish(norm.finish()) + ")";
            case TensorOp.Map map -> finish(map.expression());
            case TensorOp.Rope rope -> "rotation";
            case TensorOp.Columns columns -> "columns";
            case TensorOp.StateWrite write -> "cache";
            default -> op.getClass().getSimpleName();
        };
    }

    private static String product(boolean norm, Pointwise finish) {
        List<String> parts = new ArrayList<>();
        if (norm) {
            parts.add("norm");
        }
        if (!finish.equals(TensorOp.Linear.PLAIN)) {
            parts.add(finish(finish));
        }
        return parts.isEmpty() ? "product" : "product (" + String.join(", ", parts) + ")";
    }

    private static String finish(Pointwise expression) {
        return Expressions.print(expression, ModelFigures::leaf, Pointwise.Function::text);
    }

    private static String leaf(Pointwise.Leaf leaf) {
        return switch (leaf) {
            case Pointwise.Part part -> "#" + part.index();
            case Pointwise.Element element -> "x";
            case Pointwise.PerColumn vector -> "bias";
            case Pointwise.Constant constant -> Float.toString(constant.value());
        };
    }
}
