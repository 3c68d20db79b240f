package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.kernel.KernelDefinition.Written;
import dev.quern.codegen.kernel.PointwisePrinter;
import dev.quern.ir.Binding;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Slice;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An expression as a kernel computes it, together with what it binds for it: a slot for each value that it reads, and
 * last the result, {@code y}.
 *
 * @param written the function
 * @param spelling what the name of the kernel says of it; empty where it does nothing
 * @param slots in order
 * @param bindings of the slots
 * @param weights that are bound
 * @param inPlace the activation whose place the result takes
 */
record Finish(
        Written written,
        String spelling,
        List<Slot> slots,
        List<Binding> bindings,
        List<Kept> weights,
        Optional<Value> inPlace) {

    /** How an input that the kernel binds itself is read as single elements. */
    record Input(Value value, String spelled) {}

    /** What is said of a result that takes the place of a value. */
    static String overwrites(Value value) {
        return "Writes over " + value + ", which nobody reads afterwards, so the result takes no memory of its own.";
    }

    /**
     * The finish of a kernel.
     *
     * @param parts that the expression may read
     * @param input bound by the kernel itself, if there is one; nothing is bound twice, nor overwritten while it is
     *     read
     * @param overwrites whether the result may take the place of an activation
     */
    static Finish of(Pointwise expression, int parts, Optional<Input> input, boolean overwrites, Setting setting) {
        Optional<Value> inPlace = expression.values().stream()
                .filter(value -> overwrites
                        && value.kind() == Value.Kind.LOCAL
                        && setting.spent().contains(value)
                        && input.filter(each -> each.value().equals(value)).isEmpty())
                .findFirst();
        return of(expression, parts, input, inPlace, setting);
    }

    /**
     * The finish of a kernel that computes a part of a result, which takes the place of what has the other parts; of
     * nothing else, since other kernels have still to read it.
     */
    static Finish ofSlice(Pointwise expression, int parts, Input input, Slice slice, Setting setting) {
        Optional<Value> inPlace = Slices.inPlace(slice, Optional.of(input.value()), setting);
        return of(expression, parts, Optional.of(input), inPlace, setting);
    }

    private static Finish of(
            Pointwise expression, int parts, Optional<Input> input, Optional<Value> inPlace, Setting setting) {
        Map<Pointwise.Leaf, String> spelled = new HashMap<>();
        List<Slot> slots = new ArrayList<>();
        List<Binding> bindings = new ArrayList<>();
        List<Kept> weights = new ArrayList<>();
        for (Value value : expression.values()) {
            if (value.kind() == Value.Kind.WEIGHT) {
                String name = "vector" + weights.size();
                Kept kept = setting.weights().perColumn(value);
                boolean uniform = KeptWeights.fitsUniform(value);
                slots.add(
                        uniform
                                ? Slot.uniform(name, "vec4f", value.tensor().maxElements() / 4)
                                : Slot.read(name, "f32"));
                spelled.put(
                        new Pointwise.PerColumn(value), name + (uniform ? "[column / 4u][column % 4u]" : "[column]"));
                bindings.add(Setting.reads(value));
                weights.add(kept);
            } else if (inPlace.filter(value::equals).isPresent()) {
                spelled.put(new Pointwise.Element(value), "y[index]");
            } else if (input.filter(each -> each.value().equals(value)).isPresent()) {
                spelled.put(new Pointwise.Element(value), input.get().spelled());
            } else {
                String name = "element" + (slots.size() - weights.size());
                slots.add(Slot.readWrite(name, "f32"));
                spelled.put(new Pointwise.Element(value), name + "[index]");
                bindings.add(Setting.reads(value));
            }
        }
        List<String> bound = slots.stream().map(Slot::name).toList();
        slots.add(Slot.readWrite("y", "f32"));
        bindings.add(
                inPlace.<Binding>map(value -> new Binding.InPlace(value, 0)).orElse(new Binding.Writes(0)));
        return new Finish(
                PointwisePrinter.print(expression, parts, spelled, bound),
                PointwisePrinter.spelling(expression),
                slots,
                bindings,
                weights,
                inPlace);
    }
}
