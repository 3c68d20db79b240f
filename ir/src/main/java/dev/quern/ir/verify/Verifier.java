package dev.quern.ir.verify;

import dev.quern.ir.Binding;
import dev.quern.ir.Dim;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Encoding;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.ir.text.Writer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks that a module keeps the rules of its stage: those of {@link Rule}, and for the operands of each operation
 * those of {@link dev.quern.ir.TypeRule}.
 *
 * <p>Not checked: that a kernel of that family exists and binds what it is given; that the grid covers the work; that a
 * state that is written is also returned (its memory is the caller's); that every value and weight is used; that the
 * sources of a weight exist.
 */
public final class Verifier {

    /**
     * The rules, in the order in which a module meets them. Each has a golden file that breaks it, or says why text
     * cannot.
     */
    public enum Rule {
        // Names.
        /** Symbols have names of their own. */
        SYMBOL_ONCE,
        /** Weights have names of their own. */
        WEIGHT_ONCE,
        /** Functions have names of their own. */
        FUNCTION_ONCE,

        // Types.
        /** A tensor has at least one axis. */
        HAS_AXES,
        /**
         * A symbol in a type is declared, with the same bound. The reader gives it that bound, so text cannot break
         * this.
         */
        SYMBOL_DECLARED,
        /** The last axis of a tensor is fixed, but for a list of scalars. */
        LAST_AXIS_FIXED,
        /** The last axis is filled by whole blocks of the encoding. */
        WHOLE_BLOCKS,
        /** A tensor's largest size in bytes fits 63 bits. */
        SIZE_FITS,
        /** The shape of a weight has no symbols. */
        WEIGHT_FIXED,
        /** Rotations are f32[positions, rotary], with a factor for each pair where there are factors. */
        ROTATIONS,

        // Values.
        /** What a function defines is no weight. The reader's {@code %name} is none, so text cannot break this. */
        DEFINES_LOCALS,
        /** A value is defined once. */
        DEFINED_ONCE,
        /** A value is defined before its first use. */
        DEFINED_BEFORE_USE,
        /**
         * A value is used with the type of its definition. The reader gives it that type, so text cannot break this.
         */
        ONE_TYPE,
        /** A weight that is used is declared. The reader refuses others, so text cannot break this. */
        WEIGHT_DECLARED,
        /** A statement defines at least one value. */
        DEFINES_SOMETHING,
        /** A statement defines as many values as its operation has results. */
        RESULT_COUNT,
        /** Results have the types that their operation infers. */
        RESULT_TYPE,
        /** The operands of an operation fit together: {@link dev.quern.ir.TypeRule}. */
        OPERANDS,

        /**
         * A state with fewer rows than the longest is a ring: what attends to it has a window, and it holds that window
         * before every row of a call, beside the rows that the call writes.
         */
        RING_HOLDS_WINDOW,

        // Memory that is taken over, states among it.
        /** What was overwritten has no use afterwards: of a state that was written, only the new version is used. */
        USED_UP,
        /** An operation overwrites a value once. */
        OVERWRITTEN_ONCE,
        /** A dispatch that gives a state gives it in place of one. */
        STATE_IN_PLACE,
        /** A kernel binds every result of its operation, once. */
        RESULT_BOUND,
        /** What a result takes over is an operand of its operation. */
        IN_PLACE_OF_OPERAND,
        /** No result is in place of a weight. */
        IN_PLACE_NOT_OF_WEIGHT,
        /** Memory that is taken over is large enough, and a state's is taken over by the same state. */
        IN_PLACE_HOLDS,

        // Stages.
        /** {@code tensor}: no operation names a kernel. */
        TENSOR_STAGE,
        /** {@code dispatch}: every operation does. */
        DISPATCH_STAGE,
        /** {@code dispatch}: every weight that a kernel binds has a layout and a placement. */
        WEIGHT_STORED,
        /** {@code dispatch}: a grid has one to three axes. */
        GRID_AXES
    }

    private final Module module;
    private final List<Problem> problems = new ArrayList<>();

    private Verifier(Module module) {
        this.module = module;
    }

    /**
     * Checks a module.
     *
     * @throws VerificationException if it breaks a rule
     */
    public static void verify(Module module) {
        verify("in module \"" + module.name() + "\"", module);
    }

    /**
     * Checks a module and heads the message with what was done last.
     *
     * @param heading {@code after fuse-swiglu}
     * @throws VerificationException if the module breaks a rule
     */
    public static void verify(String heading, Module module) {
        List<Problem> problems = problems(module);
        if (!problems.isEmpty()) {
            throw new VerificationException(heading, problems);
        }
    }

    /** Everything that is wrong, in the order of the module. */
    public static List<Problem> problems(Module module) {
        Verifier verifier = new Verifier(module);
        verifier.symbols();
        verifier.weights();
        verifier.functions();
        return List.copyOf(verifier.problems);
    }

    private void symbols() {
        Set<String> seen = new HashSet<>();
        for (int index = 0; index < module.symbols().size(); index++) {
            Dim.Symbol symbol = module.symbols().get(index);
            if (!seen.add(symbol.name())) {
                problems.add(new Problem(
                        Rule.SYMBOL_ONCE,
                        new Place.OfSymbol(index),
                        "?" + symbol.name(),
                        "symbol ?" + symbol.name() + " <= " + symbol.max(),
                        "The symbol ?" + symbol.name() + " is declared twice."));
            }
        }
    }

    /** The names of the weights that kernels bind. */
    private Set<String> bound() {
        Set<String> bound = new HashSet<>();
        for (Function function : module.functions()) {
            for (Statement statement : function.body()) {
                if (statement.op() instanceof Dispatch dispatch) {
                    for (Binding binding : dispatch.bindings()) {
                        binding.read()
                                .filter(value -> value.kind() == Value.Kind.WEIGHT)
                                .ifPresent(value -> bound.add(value.name()));
                    }
                }
            }
        }
        return bound;
    }

    private void weights() {
        Set<String> seen = new HashSet<>();
        Set<String> bound = bound();
        for (int index = 0; index < module.weights().size(); index++) {
            Weight weight = module.weights().get(index);
            List<WellFormed.Broken> broken = new ArrayList<>();
            if (!seen.add(weight.name())) {
                broken.add(new WellFormed.Broken(
                        Rule.WEIGHT_ONCE, "The weight @" + weight.name() + " is declared twice."));
            }
            if (weight.type().shape().stream().anyMatch(Dim.Symbol.class::isInstance)) {
                broken.add(new WellFormed.Broken(
                        Rule.WEIGHT_FIXED,
                        "The shape of a weight must be known at compile time; this one has a symbol, "
                                + Writer.type(weight.type()) + "."));
            }
            broken.addAll(WellFormed.problems(weight.type(), module.symbols()));
            if (weight.source() instanceof Weight.Source.Rotations rotations) {
                rotations(weight.type(), rotations).ifPresent(broken::add);
            }
            if (bound.contains(weight.name()) && weight.storage().isEmpty()) {
                broken.add(new WellFormed.Broken(
                        Rule.WEIGHT_STORED,
                        "A weight that a kernel binds must have a layout and a placement; this one has neither."));
            }
            for (WellFormed.Broken each : broken) {
                problems.add(new Problem(
                        each.rule(),
                        new Place.OfWeight(index),
                        "@" + weight.name(),
                        Writer.weight(weight),
                        each.sentence()));
            }
        }
    }

    private Optional<WellFormed.Broken> rotations(TensorType type, Weight.Source.Rotations rotations) {
        if (type.encoding() != Encoding.Scalar.F32 || type.shape().size() != 2 || type.columns() % 2 != 0) {
            return Optional.of(new WellFormed.Broken(
                    Rule.ROTATIONS,
                    "Rotations are f32, a row for each position and two columns for each pair; these are "
                            + Writer.type(type) + "."));
        }
        if (rotations.factors().isEmpty()) {
            return Optional.empty();
        }
        String name = rotations.factors().get();
        long pairs = type.columns() / 2;
        Optional<Weight> factors = module.weight(name);
        if (factors.isPresent()
                && factors.get().type().encoding() == Encoding.Scalar.F32
                && WellFormed.problems(factors.get().type(), module.symbols()).isEmpty()
                && factors.get().type().maxElements() == pairs) {
            return Optional.empty();
        }
        return Optional.of(new WellFormed.Broken(
                Rule.ROTATIONS,
                "The factors @" + name + " must be a weight of " + pairs + " elements of f32, one for each pair; "
                        + factors.map(weight -> "they are " + Writer.type(weight.type()))
                                .orElse("there is no weight of that name")
                        + "."));
    }

    private void functions() {
        Set<String> seen = new HashSet<>();
        for (int index = 0; index < module.functions().size(); index++) {
            String name = module.functions().get(index).name();
            if (!seen.add(name)) {
                problems.add(new Problem(
                        Rule.FUNCTION_ONCE,
                        new Place.OfFunction(index),
                        "@" + name,
                        Writer.signature(module.functions().get(index)),
                        "The function @" + name + " is declared twice."));
            }
            problems.addAll(new FunctionVerifier(module, index).problems());
        }
    }
}
