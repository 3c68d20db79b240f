package dev.quern.codegen.kernel;

import dev.quern.codegen.kernel.KernelDefinition.Written;
import dev.quern.ir.Pointwise;
import dev.quern.ir.text.Expressions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes an expression as the function {@code point} of a kernel: of an element's index in the result, of its column,
 * and of the parts of a product. What drivers' own functions get wrong is put right here.
 */
public final class PointwisePrinter {
    private PointwisePrinter() {}

    /**
     * The function.
     *
     * @param parts how many parts it takes
     * @param values how each value is read, of {@code index} and {@code column}
     * @param bound the names of the slots that are read so
     */
    public static Written print(
            Pointwise expression, int parts, Map<Pointwise.Leaf, String> values, List<String> bound) {
        StringBuilder out = new StringBuilder();
        Set<Pointwise.Function> functions = new LinkedHashSet<>();
        collect(expression, functions);
        functions.forEach(function -> out.append(definition(function)));
        if (!bound.isEmpty()) {
            out.append("// binds: ").append(String.join(", ", bound)).append('\n');
        }
        StringBuilder parameters = new StringBuilder("index: u32, column: u32");
        for (int part = 0; part < parts; part++) {
            parameters.append(", part").append(part).append(": f32");
        }
        String body = Expressions.print(expression, leaf -> leaf(leaf, values), PointwisePrinter::name);
        out.append("fn point(")
                .append(parameters)
                .append(") -> f32 {\n    return ")
                .append(body)
                .append(";\n}\n");
        return new Written("the function of each element", out.toString());
    }

    /** What the function is called among people: {@code silu_mul} for {@code silu(#0) * #1}. */
    public static String spelling(Pointwise expression) {
        List<String> words = new ArrayList<>();
        spell(expression, words);
        return String.join("_", words);
    }

    private static void spell(Pointwise expression, List<String> words) {
        switch (expression) {
            case Pointwise.Leaf leaf -> {}
            case Pointwise.Unary unary -> {
                spell(unary.of(), words);
                words.add(unary.function().text());
            }
            case Pointwise.Binary binary -> {
                spell(binary.left(), words);
                spell(binary.right(), words);
                words.add(
                        switch (binary.operator()) {
                            case ADD -> "add";
                            case SUBTRACT -> "sub";
                            case MULTIPLY -> "mul";
                            case DIVIDE -> "div";
                            case MIN -> "min";
                            case MAX -> "max";
                        });
            }
        }
    }

    private static String leaf(Pointwise.Leaf leaf, Map<Pointwise.Leaf, String> values) {
        return switch (leaf) {
            case Pointwise.Part part -> "part" + part.index();
            case Pointwise.Constant constant -> constant.value() + "f";
            case Pointwise.Element element -> known(element, values);
            case Pointwise.PerColumn vector -> known(vector, values);
        };
    }

    private static String known(Pointwise.Leaf leaf, Map<Pointwise.Leaf, String> values) {
        String spelled = values.get(leaf);
        if (spelled == null) {
            throw new IllegalArgumentException("the kernel does not say how it reads " + leaf);
        }
        return spelled;
    }

    private static void collect(Pointwise expression, Set<Pointwise.Function> functions) {
        switch (expression) {
            case Pointwise.Leaf leaf -> {}
            case Pointwise.Unary unary -> {
                collect(unary.of(), functions);
                functions.add(unary.function());
            }
            case Pointwise.Binary binary -> {
                collect(binary.left(), functions);
                collect(binary.right(), functions);
            }
        }
    }

    private static String name(Pointwise.Function function) {
        return "function_" + function.text();
    }

    private static String definition(Pointwise.Function function) {
        String body = switch (function) {
            case SILU -> "return z / (1.0 + exp(-z));";
            // 1 + tanh(u) = 2 / (1 + exp(-2u)), where no digits cancel.
            case GELU -> "return z / (1.0 + exp(-1.5957691216 * (z + 0.044715 * z * z * z)));";
            // One minus the error function, within 1.5e-7: Abramowitz and Stegun, 7.1.26.
            case GELU_ERF -> """
                let x = abs(z) * 0.70710678;
                    let t = 1.0 / (1.0 + 0.3275911 * x);
                    let high = 1.421413741 + t * (-1.453152027 + t * 1.061405429);
                    let tail = 0.5 * t * (0.254829592 + t * (-0.284496736 + t * high)) * exp(-x * x);
                    return z * select(1.0 - tail, tail, z < 0.0);""";
            case SIGMOID -> "return 1.0 / (1.0 + exp(-z));";
            // Some drivers compute it of exponentials, which are infinite far out; clamping alone would make a number
            // of
            // what is none.
            case TANH ->
                "return select(select(z, sign(z), abs(z) > 15.0), tanh(clamp(z, -15.0, 15.0)), abs(z) <= 15.0);";
            case RELU -> "return max(z, 0.0);";
        };
        return "fn " + name(function) + "(z: f32) -> f32 {\n    " + body + "\n}\n\n";
    }
}
