package dev.quern.codegen;

import dev.quern.ir.DispatchOp;
import dev.quern.ir.DispatchOp.Dispatch;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Rotation;
import dev.quern.ir.Stage;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Type;
import dev.quern.ir.TypeException;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.ir.text.Writer;
import dev.quern.ir.verify.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The way back from kernels to mathematics: every dispatch becomes the operation that its kernel's name stands for, on
 * the same operands.
 *
 * <pre>
 *   before  %y = dispatch @matvec_lanes_q4_1_960x576_normed_3727c5ac @w, %x, @g {grid = …} : f32[1, 960]
 *   after   %y = linear %x, @w {norm = @g, eps = 1.0e-5}                                   : f32[1, 960]
 * </pre>
 *
 * <p>Lost are the frequencies of rotations, which lie in a table: the operations get others.
 */
final class RaiseKernels {
    private static final List<String> MATRIX_KERNELS =
            List.of("matvec_lanes_", "matmul_lanes_", "matvec_four_", "matmul_four_", "matmul_group_");

    private RaiseKernels() {}

    /**
     * The module at the {@code tensor} stage, place by place.
     *
     * @throws SelectionException at the first dispatch whose kernel is unknown or does not fit its operands and results
     */
    static Module raise(Module module) {
        List<Function> functions = new ArrayList<>();
        for (Function function : module.functions()) {
            List<Statement> body = new ArrayList<>();
            for (Statement statement : function.body()) {
                try {
                    body.add(new Statement(statement.results(), raise(statement)));
                } catch (SelectionException e) {
                    throw e.at(new Place.OfStatement(functions.size(), body.size()));
                } catch (TypeException e) {
                    throw new SelectionException(
                            String.valueOf(e.getMessage()), new Place.OfStatement(functions.size(), body.size()));
                }
            }
            functions.add(function.with(body, function.results()));
        }
        List<Weight> weights = new ArrayList<>();
        for (Weight weight : module.weights()) {
            weights.add(new Weight(weight.name(), weight.type(), weight.sources()));
        }
        return new Module(module.name(), Stage.TENSOR, module.symbols(), weights, functions);
    }

    private static TensorOp raise(Statement statement) {
        TensorOp raised = switch (statement.op()) {
            case TensorOp already -> already;
            case DispatchOp.Dispatch dispatch -> operation(dispatch);
        };
        List<Type> found = statement.results().stream().map(Value::type).toList();
        List<Type> expected = raised.infer();
        if (!found.equals(expected)) {
            throw new SelectionException("This kernel, given these operands, gives " + print(expected) + "; written is "
                    + print(found) + ".");
        }
        return raised;
    }

    private static TensorOp operation(Dispatch dispatch) {
        KernelName name = new KernelName(dispatch.kernel());
        TensorOp operation = operation(dispatch, name);
        name.end();
        return operation;
    }

    private static TensorOp operation(Dispatch dispatch, KernelName name) {
        if (MATRIX_KERNELS.stream().anyMatch(name::take)) {
            return matrix(dispatch, name);
        }
        if (name.take("embed_")) {
            name.matrix();
            List<Value> inputs = inputs(dispatch, "weights", "tokens");
            return new TensorOp.Embed(inputs.get(1), inputs.get(0));
        }
        if (name.take("rope_write_")) {
            name.encoding();
            int heads = name.nextWhole();
            int keyValueHeads = name.nextWhole();
            Rotation rotation = name.nextRotation();
            List<Value> inputs = inputs(dispatch, "x", "position", "table", "keys", "values");
            return new TensorOp.RopeWrite(
                    inputs.get(0),
                    inputs.get(1),
                    Optional.empty(),
                    inputs.get(3),
                    inputs.get(4),
                    heads,
                    keyValueHeads,
                    rotation);
        }
        if (name.take("rope_")) {
            name.whole();
            Rotation rotation = name.nextRotation();
            List<Value> inputs = inputs(dispatch, "x", "position", "table");
            return new TensorOp.Rope(inputs.get(0), inputs.get(1), Optional.empty(), rotation);
        }
        if (name.take("state_write_")) {
            name.encoding();
            name.nextWhole();
            List<Value> inputs = inputs(dispatch, "x", "position", "state");
            return new TensorOp.StateWrite(inputs.get(2), inputs.get(0), inputs.get(1));
        }
        if (name.take("attention_lanes_") || name.take("attention_four_") || name.take("attention_group_")) {
            name.encoding();
            int heads = name.nextWhole();
            int keyValueHeads = name.nextWhole();
            name.nextWhole();
            float scale = name.nextReal();
            List<Value> inputs = inputs(dispatch, "query", "keys", "values", "position");
            return new TensorOp.Attention(
                    inputs.get(0), inputs.get(1), inputs.get(2), inputs.get(3), heads, keyValueHeads, scale);
        }
        return small(dispatch, name);
    }

    private static TensorOp matrix(Dispatch dispatch, KernelName name) {
        name.matrix();
        boolean normed = name.take("_normed");
        float epsilon = normed ? name.nextReal() : Float.NaN;
        boolean gated = name.take("_swiglu");
        boolean added = name.take("_add");
        if (name.take("_of")) {
            name.nextWhole();
        }
        List<String> wanted = new ArrayList<>(List.of("weights", "x"));
        if (normed) {
            wanted.add("gain");
        }
        if (added) {
            wanted.add("residual");
        }
        List<Value> inputs = inputs(dispatch, wanted.toArray(String[]::new));
        return new TensorOp.Linear(
                inputs.get(1),
                normed ? Optional.of(new TensorOp.Linear.Norm(inputs.get(2), epsilon)) : Optional.empty(),
                inputs.get(0),
                gated,
                added ? Optional.of(inputs.getLast()) : Optional.empty());
    }

    private static TensorOp small(Dispatch dispatch, KernelName name) {
        if (name.take("pick_")) {
            name.whole();
            return new TensorOp.ArgMax(inputs(dispatch, "logits").getFirst());
        }
        if (name.take("rms_norm_")) {
            name.whole();
            float epsilon = name.nextReal();
            List<Value> inputs = inputs(dispatch, "x", "gain");
            return new TensorOp.RmsNorm(inputs.get(0), inputs.get(1), epsilon);
        }
        if (name.take("columns_")) {
            name.whole();
            int start = name.nextWhole();
            int extent = name.nextWhole();
            return new TensorOp.Columns(inputs(dispatch, "x").getFirst(), start, extent);
        }
        if (name.take("add_")) {
            name.whole();
            List<Value> inputs = inputs(dispatch, "left", "right");
            return new TensorOp.Add(inputs.get(0), inputs.get(1));
        }
        if (name.take("scale_")) {
            name.whole();
            float factor = name.nextReal();
            return new TensorOp.Scale(inputs(dispatch, "x").getFirst(), factor);
        }
        if (name.take("swiglu_")) {
            name.whole();
            List<Value> inputs = inputs(dispatch, "gate", "up");
            return new TensorOp.SwiGlu(inputs.get(0), inputs.get(1));
        }
        throw name.unknown();
    }

    /** The operands, if there are as many as names. */
    private static List<Value> inputs(Dispatch dispatch, String... names) {
        if (dispatch.inputs().size() != names.length) {
            throw new SelectionException("The kernel @" + dispatch.kernel() + " takes " + String.join(", ", names)
                    + ": " + names.length + " operands are expected, and there are "
                    + dispatch.inputs().size() + ".");
        }
        return dispatch.inputs();
    }

    private static String print(List<Type> types) {
        return String.join(", ", types.stream().map(Writer::type).toList());
    }
}
