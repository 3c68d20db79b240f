package dev.quern.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.ir.Encoding;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Rotation;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.PlaceHeads;
import dev.quern.ir.Value;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Fused operations give the very bits of the operations that they are made of. */
class FusionTest {
    private static final float EPSILON = 1e-5f;

    @Property
    void aLinearIsItsNormProductGateAndSum(
            @ForAll long seed, @ForAll boolean normed, @ForAll boolean gated, @ForAll boolean added) {
        Random random = new Random(seed);
        Program program = new Program();
        Value x = program.input("x", Program.random(random, 3, 10));
        Value gain = program.weight("gain", Program.randomVector(random, 10));
        Value weight = program.weight("weight", Program.random(random, 8, 10));
        Value residual = program.input("residual", Program.random(random, 3, gated ? 4 : 8));

        Pointwise core = gated
                ? Pointwise.gated(Pointwise.Function.SILU, new Pointwise.Part(0), new Pointwise.Part(1))
                : new Pointwise.Part(0);
        Value fused = program.add(new TensorOp.Linear(
                x,
                normed ? Optional.of(new TensorOp.Linear.Norm(gain, EPSILON)) : Optional.empty(),
                weight,
                gated ? 2 : 1,
                added ? Pointwise.add(Pointwise.of(residual), core) : core));

        Value value = normed ? program.add(new TensorOp.RmsNorm(x, gain, EPSILON)) : x;
        value = program.add(new TensorOp.MatMul(value, weight));
        Pointwise rest = Pointwise.of(value);
        if (gated) {
            Value gate = program.add(new TensorOp.Columns(value, 0, 4));
            Value up = program.add(new TensorOp.Columns(value, 4, 4));
            rest = Pointwise.gated(Pointwise.Function.SILU, Pointwise.of(gate), Pointwise.of(up));
        }
        if (gated || added) {
            value = program.add(new TensorOp.Map(added ? Pointwise.add(Pointwise.of(residual), rest) : rest));
        }

        List<Tensor> results = program.run(fused, value);
        assertEquals(List.of(3, gated ? 4 : 8), results.get(0).shape());
        assertArrayEquals(results.get(1).floats(), results.get(0).floats());
    }

    @Property
    void headsInPlaceAreTheirColumnsRotationsAndWrites(
            @ForAll long seed, @ForAll Rotation.Pairing pairing, @ForAll boolean factored) {
        Random random = new Random(seed);
        Rotation rotation = new Rotation(4, 4, 10_000, 1, pairing);
        Program program = new Program();
        Value qkv = program.input("qkv", Program.random(random, 2, 8 + 4 + 4));
        Value position = program.position(3);
        Optional<Value> factors = factored
                ? Optional.of(program.weight("factors", Tensor.floats(new float[] {1, 8}, 2)))
                : Optional.empty();
        // One state in two copies, since a state has one successor.
        Tensor before = Program.random(random, 6, 4);
        Value keys = program.state("keys", Encoding.Scalar.F16, before.copy());
        Value values = program.state("values", Encoding.Scalar.F16, before.copy());
        Value otherKeys = program.state("otherKeys", Encoding.Scalar.F16, before.copy());
        Value otherValues = program.state("otherValues", Encoding.Scalar.F16, before.copy());

        List<Value> fused = program.addAll(
                SideBySide.heads(qkv, position, factors, keys, values, 2, 1, rotation), "query", "keys", "values");

        Value query = program.add(
                new TensorOp.Rope(program.add(new TensorOp.Columns(qkv, 0, 8)), position, factors, rotation));
        Value key = program.add(
                new TensorOp.Rope(program.add(new TensorOp.Columns(qkv, 8, 4)), position, factors, rotation));
        Value value = program.add(new TensorOp.Columns(qkv, 12, 4));
        Value keysAfter = program.add(new TensorOp.StateWrite(otherKeys, key, position));
        Value valuesAfter = program.add(new TensorOp.StateWrite(otherValues, value, position));

        List<Tensor> results = program.run(fused.get(0), fused.get(1), fused.get(2), query, keysAfter, valuesAfter);
        for (int index = 0; index < 3; index++) {
            assertArrayEquals(
                    results.get(index + 3).floats(), results.get(index).floats(), "result " + index);
        }
    }

    /** Query and key of one value, normalised by heads, the value of another; rotated or not. */
    @Property
    void headsFromSeveralValuesAreTheirParts(@ForAll long seed, @ForAll boolean rotated, @ForAll boolean valueNormed) {
        Random random = new Random(seed);
        Program program = new Program();
        Value queryKey = program.input("query_key", Program.random(random, 2, 1 + 8 + 4));
        Value other = program.input("other", Program.random(random, 2, 4 + 3));
        Value gain = program.weight(
                "gain", Tensor.floats(Program.random(random, 1, 4).floats(), 4));
        Value position = program.position(3);
        Rotation rotation = new Rotation(4, 2, 100, 1, Rotation.Pairing.HALVES);
        Tensor before = Program.random(random, 6, 4);
        Value keys = program.state("keys", Encoding.Scalar.F16, before.copy());
        Value values = program.state("values", Encoding.Scalar.F16, before.copy());
        Value otherKeys = program.state("otherKeys", Encoding.Scalar.F16, before.copy());
        Value otherValues = program.state("otherValues", Encoding.Scalar.F16, before.copy());
        Optional<TensorOp.Linear.Norm> norm = Optional.of(new TensorOp.Linear.Norm(gain, 1e-6f));
        List<Value> fused = program.addAll(
                new PlaceHeads(
                        new PlaceHeads.Part(queryKey, 1, norm),
                        new PlaceHeads.Part(queryKey, 9, norm),
                        new PlaceHeads.Part(other, 3, valueNormed ? norm : Optional.empty()),
                        position,
                        keys,
                        values,
                        Optional.empty(),
                        2,
                        1,
                        rotated ? Optional.of(rotation) : Optional.empty()),
                "query",
                "keys",
                "values");

        Value query = program.add(new TensorOp.Columns(queryKey, 1, 8));
        query = program.add(new TensorOp.RmsNorm(query, gain, 1e-6f));
        Value key = program.add(new TensorOp.Columns(queryKey, 9, 4));
        key = program.add(new TensorOp.RmsNorm(key, gain, 1e-6f));
        if (rotated) {
            query = program.add(new TensorOp.Rope(query, position, Optional.empty(), rotation));
            key = program.add(new TensorOp.Rope(key, position, Optional.empty(), rotation));
        }
        Value value = program.add(new TensorOp.Columns(other, 3, 4));
        if (valueNormed) {
            value = program.add(new TensorOp.RmsNorm(value, gain, 1e-6f));
        }
        Value keysAfter = program.add(new TensorOp.StateWrite(otherKeys, key, position));
        Value valuesAfter = program.add(new TensorOp.StateWrite(otherValues, value, position));

        List<Tensor> results = program.run(fused.get(0), fused.get(1), fused.get(2), query, keysAfter, valuesAfter);
        for (int index = 0; index < 3; index++) {
            assertArrayEquals(
                    results.get(index + 3).floats(), results.get(index).floats(), "result " + index);
        }
    }
}
