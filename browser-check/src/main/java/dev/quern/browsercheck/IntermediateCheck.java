package dev.quern.browsercheck;

import dev.quern.ir.Dim;
import dev.quern.ir.Encoding;
import dev.quern.ir.FunctionBuilder;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import java.util.List;

/** Builds a module and prints it. */
final class IntermediateCheck {
    private IntermediateCheck() {}

    static String run() {
        return module().toString();
    }

    /** A normalisation and a matrix product of a quantised weight. */
    static Module module() {
        var tokens = new Dim.Symbol("tokens", 64);
        var builder = new FunctionBuilder("prefill");
        Value x = builder.parameter("x", TensorType.f32(tokens, 64));
        Value gain = builder.parameter("gain", TensorType.of(Encoding.Scalar.F32, 64));
        Value matrix = builder.parameter("matrix", TensorType.of(Encoding.Block.Q4_0, 32, 64));
        Value normal = builder.add("normal", new TensorOp.RmsNorm(x, gain, 1e-5f));
        Value y = builder.add("y", new TensorOp.MatMul(normal, matrix));
        return new Module("tiny", Stage.TENSOR, List.of(tokens), List.of(), List.of(builder.build(List.of(y))));
    }
}
