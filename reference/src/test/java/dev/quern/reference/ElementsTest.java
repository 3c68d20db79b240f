package dev.quern.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.ir.Pointwise;
import dev.quern.ir.Pointwise.Function;
import dev.quern.ir.Pointwise.Operator;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions by laws and by values that tables print; what is read where. */
class ElementsTest {
    private static float of(Function function, float z) {
        Program program = new Program();
        Value x = program.input("x", Tensor.floats(new float[] {z}, 1, 1));
        return program.result(new TensorOp.Map(new Pointwise.Unary(function, Pointwise.of(x))))
                .floats()[0];
    }

    @Property
    void functionsAreHalvesOfWhatTheyAdd(@ForAll @FloatRange(min = -40, max = 40) float z) {
        double near = 1e-6 * Math.abs(z) + 1e-7;
        assertEquals(1, of(Function.SIGMOID, z) + of(Function.SIGMOID, -z), 1e-6);
        assertEquals(z, of(Function.SILU, z) - of(Function.SILU, -z), near);
        assertEquals(z, of(Function.GELU, z) - of(Function.GELU, -z), near);
        assertEquals(z, of(Function.GELU_ERF, z) - of(Function.GELU_ERF, -z), near);
        assertEquals(z, of(Function.RELU, z) - of(Function.RELU, -z));
        assertEquals(0, of(Function.TANH, z) + of(Function.TANH, -z));
    }

    @Property
    void functionsAreMadeOfEachOther(@ForAll @FloatRange(min = -20, max = 20) float z) {
        assertEquals(of(Function.TANH, z), 2 * of(Function.SIGMOID, 2 * z) - 1, 1e-6);
        assertEquals(of(Function.SILU, z), z * of(Function.SIGMOID, z), 1e-5);
        assertEquals(of(Function.GELU, z), of(Function.GELU_ERF, z), 1e-3, "one stands for the other");
    }

    /** The normal distribution's integral as tables have it, times z. */
    @ParameterizedTest
    @CsvSource({"0.5, 0.34573123", "1, 0.84134475", "2, 1.95449974", "-1, -0.15865525", "-3, -0.00404970", "9, 9"})
    void theErrorFunctionIsThatOfTables(float z, float expected) {
        assertEquals(expected, of(Function.GELU_ERF, z), 2e-8 + 1e-7 * Math.abs(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "ADD, 5.5",
        "SUBTRACT, 0.5",
        "MULTIPLY, 7.5",
        "DIVIDE, 1.2",
        "MIN, 2.5",
        "MAX, 3",
    })
    void operatorsTakeTheirOperandsInOrder(Operator operator, float expected) {
        Program program = new Program();
        Value x = program.input("x", Tensor.floats(new float[] {3}, 1, 1));
        var map = new TensorOp.Map(new Pointwise.Binary(operator, Pointwise.of(x), new Pointwise.Constant(2.5f)));
        assertEquals(expected, program.result(map).floats()[0]);
    }

    @Test
    void vectorsAreReadByColumn() {
        Program program = new Program();
        Value x = program.input("x", Tensor.floats(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
        Value bias = program.weight("bias", Tensor.floats(new float[] {10, 20}, 2));
        assertArrayEquals(
                new float[] {11, 22, 13, 24, 15, 26},
                program.result(TensorOp.Map.sum(x, bias)).floats());
    }

    /** The parts of a product of three are its rows' thirds. */
    @Test
    void partsAreEqualSharesOfTheRows() {
        Program program = new Program();
        Value x = program.input("x", Tensor.floats(new float[] {1, 10}, 2, 1));
        Value weight = program.weight("weight", Tensor.floats(new float[] {1, 2, 3, 4, 5, 6}, 6, 1));
        Pointwise finish = Pointwise.add(
                new Pointwise.Part(2), Pointwise.multiply(new Pointwise.Constant(100), new Pointwise.Part(1)));
        assertArrayEquals(
                new float[] {305, 406, 3050, 4060},
                program.result(new TensorOp.Linear(x, Optional.empty(), weight, 3, finish))
                        .floats());
    }
}
