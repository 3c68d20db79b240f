package dev.quern.ir.text;

import dev.quern.ir.Binding;
import dev.quern.ir.Dim;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Function;
import dev.quern.ir.Grid.Extent;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.Module;
import dev.quern.ir.StateType;
import dev.quern.ir.Statement;
import dev.quern.ir.Storage;
import dev.quern.ir.TensorType;
import dev.quern.ir.Type;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints modules. Equal modules print equal text, line ends are {@code \n}, and the reader gives an equal module back.
 */
public final class Writer {
    private static final int WIDTH = 120;

    private Writer() {}

    /** The whole module, ending in a line end. */
    public static String write(Module module) {
        StringBuilder out = new StringBuilder("module ")
                .append(Names.quote(module.name()))
                .append(" at ")
                .append(module.stage().text())
                .append('\n');
        module.profile()
                .ifPresent(profile ->
                        out.append("profile ").append(Names.quote(profile)).append('\n'));
        for (Dim.Symbol symbol : module.symbols()) {
            out.append("symbol ")
                    .append(symbol(symbol))
                    .append(" <= ")
                    .append(symbol.max())
                    .append('\n');
        }
        for (Weight weight : module.weights()) {
            out.append(weight(weight)).append('\n');
        }
        for (Function function : module.functions()) {
            out.append('\n').append(function(function));
        }
        return out.toString();
    }

    /** {@code weight @w : q4_0[576, 576] {from = ["w"]}}. */
    public static String weight(Weight weight) {
        StringBuilder out = new StringBuilder("weight ")
                .append(value(weight.value()))
                .append(" : ")
                .append(type(weight.type()));
        List<String> attributes = new ArrayList<>();
        switch (weight.source()) {
            case Weight.Source.Tensors tensors -> {
                if (!tensors.parts().isEmpty()) {
                    List<String> parts =
                            tensors.parts().stream().map(Writer::part).toList();
                    attributes.add("from = [" + String.join(", ", parts) + "]");
                }
            }
            case Weight.Source.Rotations rotations -> {
                attributes.add("from = rotations");
                attributes.add("base = " + real(rotations.base()));
                attributes.add("scale = " + real(rotations.scale()));
                rotations.yarn().ifPresent(yarn -> {
                    attributes.add("original_context = " + yarn.originalContext());
                    attributes.add("beta_fast = " + real(yarn.betaFast()));
                    attributes.add("beta_slow = " + real(yarn.betaSlow()));
                });
                if (rotations.magnitude() != 1) {
                    attributes.add("magnitude = " + real(rotations.magnitude()));
                }
                rotations.factors().ifPresent(factors -> attributes.add("factors = @" + Names.print(factors)));
            }
        }
        if (weight.storage().isPresent()) {
            Storage storage = weight.storage().get();
            attributes.add("layout = " + storage.layout().text());
            attributes.add("placement = " + storage.placement().text());
        }
        return attributes.isEmpty()
                ? out.toString()
                : out.append(" {")
                        .append(String.join(", ", attributes))
                        .append('}')
                        .toString();
    }

    /** {@code "output.weight"}, or {@code "output.weight"[0..1024]} for some of its rows. */
    private static String part(Weight.Part part) {
        return Names.quote(part.tensor())
                + part.rows()
                        .map(rows -> "[" + rows.first() + ".." + rows.end() + "]")
                        .orElse("");
    }

    /** A function with its body, ending in a line end. */
    public static String function(Function function) {
        StringBuilder out = new StringBuilder(signature(function)).append(" {\n");
        for (Statement statement : function.body()) {
            out.append("  ").append(statement(statement)).append('\n');
        }
        out.append("  return");
        if (!function.results().isEmpty()) {
            out.append(' ').append(values(function.results()));
        }
        return out.append("\n}\n").toString();
    }

    /** {@code func @step(%x: f32[1, 8]) -> f32[1, 8]}; a parameter a line where one line is too long for all. */
    public static String signature(Function function) {
        List<String> parameters = new ArrayList<>();
        function.parameters().forEach(p -> parameters.add(value(p) + ": " + type(p.type())));
        List<String> results = new ArrayList<>();
        function.results().forEach(r -> results.add(type(r.type())));
        String head = "func @" + Names.print(function.name()) + "(";
        String tail = ")" + (results.isEmpty() ? "" : " -> " + String.join(", ", results));
        String line = head + String.join(", ", parameters) + tail;
        return line.length() + 2 <= WIDTH ? line : head + "\n    " + String.join(",\n    ", parameters) + "\n" + tail;
    }

    /** {@code %y = add %a, %b : f32[1, 8]}, without indentation or line end. */
    public static String statement(Statement statement) {
        StringBuilder out = new StringBuilder();
        if (!statement.results().isEmpty()) {
            out.append(values(statement.results())).append(" = ");
        }
        Parts parts = Syntax.parts(statement.op());
        out.append(Syntax.name(statement.op()));
        if (!parts.operands().isEmpty()) {
            out.append(' ').append(values(parts.operands()));
        }
        parts.expression().ifPresent(expression -> out.append(' ').append(Expressions.print(expression)));
        // What defines nothing ends in attributes, if in none.
        if (!parts.attributes().isEmpty() || statement.results().isEmpty()) {
            List<String> attributes = new ArrayList<>();
            parts.attributes().forEach(a -> attributes.add(a.name() + " = " + literal(a.literal())));
            out.append(" {").append(String.join(", ", attributes)).append('}');
        }
        if (statement.op() instanceof Dispatch dispatch) {
            out.append(" by ").append(kernel(dispatch.kernel())).append(" binds");
            String separator = " ";
            for (Binding binding : dispatch.bindings()) {
                out.append(separator).append(binding(binding, statement.results()));
                separator = ", ";
            }
            List<String> axes =
                    dispatch.grid().axes().stream().map(Writer::extent).toList();
            out.append(" grid [").append(String.join(", ", axes)).append(']');
        }
        if (!statement.results().isEmpty()) {
            List<String> types = new ArrayList<>();
            statement.results().forEach(r -> types.add(type(r.type())));
            out.append(" : ").append(String.join(", ", types));
        }
        return out.toString();
    }

    /** {@code matvec.lanes {tokens = 1}}. */
    public static String kernel(KernelInstance kernel) {
        List<String> parameters = new ArrayList<>();
        kernel.parameters()
                .forEach((name, parameter) -> parameters.add(name + " = "
                        + switch (parameter) {
                            case KernelInstance.Parameter.Whole whole -> Long.toString(whole.value());
                            case KernelInstance.Parameter.Word word -> word.text();
                        }));
        return kernel.family() + (parameters.isEmpty() ? "" : " {" + String.join(", ", parameters) + "}");
    }

    private static String binding(Binding binding, List<Value> results) {
        return switch (binding) {
            case Binding.Reads reads -> value(reads.value());
            case Binding.Writes writes -> value(results.get(writes.number()));
            case Binding.InPlace inPlace -> value(inPlace.value()) + " as " + value(results.get(inPlace.number()));
        };
    }

    /** {@code %name} or {@code @name}. */
    public static String value(Value value) {
        return switch (value.kind()) {
            case LOCAL -> "%" + Names.print(value.name());
            case WEIGHT -> "@" + Names.print(value.name());
        };
    }

    /** {@code f32[?seq, 2048]} or {@code state<f16[4096, 512]>}. */
    public static String type(Type type) {
        return switch (type) {
            case StateType state -> "state<" + type(state.contents()) + ">";
            case TensorType tensor -> {
                List<String> dims = new ArrayList<>();
                tensor.shape().forEach(dim -> dims.add(dim(dim)));
                yield tensor.encoding().text() + "[" + String.join(", ", dims) + "]";
            }
        };
    }

    private static String dim(Dim dim) {
        return switch (dim) {
            case Dim.Fixed fixed -> Long.toString(fixed.extent());
            case Dim.Symbol symbol -> symbol(symbol);
        };
    }

    private static String symbol(Dim.Symbol symbol) {
        return "?" + Names.print(symbol.name());
    }

    private static String values(List<Value> values) {
        return String.join(", ", values.stream().map(Writer::value).toList());
    }

    /** The text of an attribute's value. */
    static String literal(Literal literal) {
        return switch (literal) {
            case Literal.Whole whole -> Long.toString(whole.value());
            case Literal.Real real -> real(real.value());
            case Literal.Text text -> Names.quote(text.value());
            case Literal.Flag flag -> Boolean.toString(flag.value());
            case Literal.Word word -> word.value();
            case Literal.Operand operand -> value(operand.value());
            case Literal.Size size -> extent(size.extent());
            case Literal.Expression expression -> Expressions.print(expression.expression());
            case Literal.Items items ->
                "["
                        + String.join(
                                ", ",
                                items.items().stream().map(Writer::literal).toList()) + "]";
        };
    }

    private static String extent(Extent extent) {
        return dim(extent.dim())
                + (extent.factor() == 1 ? "" : " * " + extent.factor())
                + (extent.divisor() == 1 ? "" : " /^ " + extent.divisor());
    }

    /** The shortest decimal that reads back as the same number. */
    static String real(float value) {
        if (Float.isNaN(value)) {
            return "nan";
        }
        if (Float.isInfinite(value)) {
            return value > 0 ? "infinity" : "-infinity";
        }
        return Float.toString(value).replace('E', 'e');
    }
}
