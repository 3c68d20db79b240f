package dev.quern.cli.explain;

import dev.quern.cli.terminal.Sizes;
import dev.quern.ir.Binding;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Function;
import dev.quern.ir.Grid.Extent;
import dev.quern.ir.Op;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Slice;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import dev.quern.ir.text.Expressions;
import dev.quern.ir.text.Syntax;
import dev.quern.plan.BufferSpec;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.MemoryCertificate;
import dev.quern.plan.Plan;
import dev.quern.plan.WeightSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where things lie and how they run, read off a plan. */
final class Places {
    private static final long ARENA_ALIGNMENT = 256;

    private Places() {}

    /** The dispatch of a lowered statement. */
    static Dispatch dispatch(Statement statement) {
        return switch (statement.op()) {
            case Dispatch dispatch -> dispatch;
            case TensorOp op -> throw new IllegalArgumentException("not lowered: " + op);
        };
    }

    /** What is bound for a result of the step of that number. */
    static EntryPoint.Bound bound(Plan plan, Function function, int step, int result) {
        Statement statement = function.body().get(step);
        int slot = dispatch(statement).slotOf(result);
        return plan.entryPoint(function.name()).steps().get(step).bindings().get(slot);
    }

    /** The place of a result, with its lifetime where it lies in an arena. */
    static String place(Plan plan, Function function, int step, int result) {
        EntryPoint.Bound bound = bound(plan, function, step, result);
        String text = bound.resource() + ", bytes " + bound.offset() + " to " + (bound.offset() + bound.bytes() - 1)
                + " (" + Sizes.bytes(bound.bytes()) + ")";
        return text
                + region(plan, function.name(), bound, step)
                        .map(Places::lifetime)
                        .orElse("");
    }

    private static String lifetime(MemoryCertificate.Region region) {
        return region.firstStep() < 0
                ? ", live up to step " + region.lastStep()
                : ", live from step " + region.firstStep() + " to " + region.lastStep()
                        + (region.value().contains(" = ") ? " as " + region.value() : "");
    }

    private static Optional<MemoryCertificate.Region> region(
            Plan plan, String entryPoint, EntryPoint.Bound bound, int step) {
        long start = 0;
        for (BufferSpec buffer : plan.buffers()) {
            if (buffer.role() != BufferSpec.Role.ARENA) {
                continue;
            }
            if (buffer.name().equals(bound.resource())) {
                long offset = start + bound.offset();
                return plan.memory().regions().stream()
                        .filter(region -> region.entryPoint().equals(entryPoint)
                                && region.offset() == offset
                                && region.firstStep() <= step
                                && step <= region.lastStep())
                        .findFirst();
            }
            start += Math.ceilDiv(buffer.bytes(), ARENA_ALIGNMENT) * ARENA_ALIGNMENT;
        }
        return Optional.empty();
    }

    /** {@code 30 x ceil(tokens / 4) x 1}. */
    static String grid(Dispatch dispatch) {
        return String.join(
                " x ", dispatch.grid().axes().stream().map(Places::extent).toList());
    }

    private static String extent(Extent extent) {
        return switch (extent.dim()) {
            case dev.quern.ir.Dim.Fixed fixed -> Long.toString(extent.at(fixed.extent()));
            case dev.quern.ir.Dim.Symbol symbol ->
                symbol.name()
                        + (extent.factor() == 1 ? "" : "*" + extent.factor())
                        + (extent.divisor() == 1 ? "" : "/" + extent.divisor());
        };
    }

    /** A leaf without the name of a value, which is another in each layer. */
    private static String anywhere(Pointwise.Leaf leaf) {
        return switch (leaf) {
            case Pointwise.Part part -> "#" + part.index();
            case Pointwise.Element element -> "%";
            case Pointwise.PerColumn vector -> "@";
            case Pointwise.Constant constant -> Float.toString(constant.value());
        };
    }

    /** {@code linear (norm, % + #0)}. */
    static String operation(Op op) {
        List<String> fused = new ArrayList<>();
        switch (op) {
            case TensorOp.Linear linear -> {
                linear.norm().ifPresent(norm -> fused.add("norm"));
                finish(linear).ifPresent(fused::add);
            }
            case TensorOp.Products products -> {
                products.sum().ifPresent(sum -> fused.add("% + norm"));
                products.norm().ifPresent(norm -> fused.add("norm"));
                fused.add(products.products().size() + " weights");
                products.linears(products.x()).forEach(linear -> finish(linear).ifPresent(fused::add));
            }
            default -> {}
        }
        Slice.of(op).ifPresent(_ -> fused.add("slice"));
        return Syntax.name(op) + (fused.isEmpty() ? "" : " (" + String.join(", ", fused) + ")");
    }

    private static Optional<String> finish(TensorOp.Linear product) {
        return product.plain()
                ? Optional.empty()
                : Optional.of(Expressions.print(product.finish(), Places::anywhere, Pointwise.Function::text));
    }

    /**
     * Bytes of the model's weights that a dispatch reads for a token: of a table that tokens look up one row, in slices
     * or whole; tables that were computed are none of the model's.
     */
    static long weightBytes(Plan plan, Dispatch dispatch) {
        if (dispatch.computes() instanceof TensorOp.Embed && Slice.incomplete(dispatch)) {
            return 0;
        }
        Set<Value> operands = Set.copyOf(dispatch.computes().operands());
        long bytes = 0;
        for (Binding binding : dispatch.bindings()) {
            Optional<Value> weight =
                    binding.read().filter(value -> value.kind() == Value.Kind.WEIGHT && operands.contains(value));
            if (weight.isPresent()) {
                long whole = weight(plan, weight.get().name()).bytes();
                bytes += dispatch.computes() instanceof TensorOp.Embed
                        ? whole / weight.get().tensor().rows().max()
                        : whole;
            }
        }
        return bytes;
    }

    static WeightSpec weight(Plan plan, String name) {
        return plan.weights().stream()
                .filter(weight -> weight.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the plan has no weight " + name));
    }
}
