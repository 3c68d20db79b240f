package dev.quern.ir.verify;

import dev.quern.ir.Dim;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.Weight;
import dev.quern.ir.text.Writer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks that a module keeps the rules of its stage.
 *
 * <p>Names and types:
 *
 * <ul>
 *   <li>Symbols, weights and functions have names of their own.
 *   <li>A tensor has at least one axis; the last of several is fixed and filled by whole blocks; its largest size fits 63 bits.
 *   <li>A symbol in a type is declared, with the same bound. A weight's shape has no symbols.
 * </ul>
 *
 * <p>Values:
 *
 * <ul>
 *   <li>A value is defined once, before its first use, and used with the type of its definition.
 *   <li>A weight that is used is declared, with the same type.
 *   <li>A statement defines at least one value; its results have the types that its operation infers.
 * </ul>
 *
 * <p>State:
 *
 * <ul>
 *   <li>A state is used linearly: once a statement has written it, only the new version is used.
 *   <li>A dispatch that gives a state gives it in place of a state of the same type.
 * </ul>
 *
 * <p>Stages:
 *
 * <ul>
 *   <li>{@code tensor}: no dispatch.
 *   <li>{@code dispatch} and {@code plan}: nothing but dispatches, and every weight has a layout and a placement.
 *   <li>An output in place names an input that is no weight, is large enough, is taken over once and is not used afterwards.
 *   <li>A grid has one to three axes.
 * </ul>
 *
 * <p>Not checked: that a kernel of that name exists and binds what it is given; that the grid covers the work; that a state that is
 * written is also returned (its memory is the caller's); that every value and weight is used; that the sources of a weight exist.
 */
public final class Verifier {
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
                        new Place.OfSymbol(index),
                        "?" + symbol.name(),
                        "symbol ?" + symbol.name() + " <= " + symbol.max(),
                        "The symbol ?" + symbol.name() + " is declared twice."));
            }
        }
    }

    private void weights() {
        Set<String> seen = new HashSet<>();
        for (int index = 0; index < module.weights().size(); index++) {
            Weight weight = module.weights().get(index);
            List<String> sentences = new ArrayList<>();
            if (!seen.add(weight.name())) {
                sentences.add("The weight @" + weight.name() + " is declared twice.");
            }
            if (weight.type().shape().stream().anyMatch(Dim.Symbol.class::isInstance)) {
                sentences.add("The shape of a weight is known at compile time; this one has a symbol, "
                        + Writer.type(weight.type()) + ".");
            }
            sentences.addAll(WellFormed.problems(weight.type(), module.symbols()));
            if (module.stage() != Stage.TENSOR && weight.storage().isEmpty()) {
                sentences.add("At the " + module.stage().text()
                        + " stage a weight has a layout and a placement; this one has none.");
            }
            for (String sentence : sentences) {
                problems.add(
                        new Problem(new Place.OfWeight(index), "@" + weight.name(), Writer.weight(weight), sentence));
            }
        }
    }

    private void functions() {
        Set<String> seen = new HashSet<>();
        for (int index = 0; index < module.functions().size(); index++) {
            String name = module.functions().get(index).name();
            if (!seen.add(name)) {
                problems.add(new Problem(
                        new Place.OfFunction(index),
                        "@" + name,
                        Writer.signature(module.functions().get(index)),
                        "The function @" + name + " is declared twice."));
            }
            problems.addAll(new FunctionVerifier(module, index).problems());
        }
    }
}
