package dev.quern.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.ir.Encoding;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Rotation;
import dev.quern.ir.Slice;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.PlaceHeads;
import dev.quern.ir.Value;
import java.util.Arrays;
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

    /** Slices of a product, of different sizes, are the product. */
    @Property
    void slicesOfAProductAreTheProduct(@ForAll long seed, @ForAll boolean gated, @ForAll boolean added) {
        Random random = new Random(seed);
        Program program = new Program();
        int parts = gated ? 2 : 1;
        Value x = program.input("x", Program.random(random, 3, 5));
        Tensor matrix = Program.random(random, 7 * parts, 5);
        Value bias = program.weight("bias", Program.randomVector(random, 7));
        Value residual = program.input("residual", Program.random(random, 3, 7));
        Pointwise core = gated
                ? Pointwise.gated(Pointwise.Function.SILU, new Pointwise.Part(0), new Pointwise.Part(1))
                : new Pointwise.Part(0);
        Pointwise finish =
                added ? Pointwise.add(Pointwise.of(residual), Pointwise.add(Pointwise.of(bias), core)) : core;
        Value whole =
                program.add(new TensorOp.Linear(x, Optional.empty(), program.weight("whole", matrix), parts, finish));

        int[] ends = {0, 3, 4, 7};
        Optional<Value> others = Optional.empty();
        for (int which = 0; which < 3; which++) {
            int start = ends[which];
            int rows = ends[which + 1] - start;
            float[] own = new float[parts * rows * 5];
            for (int part = 0; part < parts; part++) {
                System.arraycopy(matrix.floats(), (part * 7 + start) * 5, own, part * rows * 5, rows * 5);
            }
            Value weight = program.weight("slice" + which, Tensor.floats(own, parts * rows, 5));
            others = Optional.of(program.add(new TensorOp.Linear(
                    x, Optional.empty(), weight, parts, finish, Optional.of(new Slice(start, 7, others)))));
        }
        List<Tensor> results = program.run(whole, others.orElseThrow());
        assertEquals(results.get(0).shape(), results.get(1).shape());
        assertArrayEquals(results.get(0).floats(), results.get(1).floats());
    }

    /** Slices of a table are the table; what none of them has is not to be read, which NaN would tell. */
    @Property
    void slicesOfATableAreTheTable(@ForAll long seed) {
        Random random = new Random(seed);
        Program program = new Program();
        int[] chosen = random.ints(6, 0, 9).toArray();
        Value tokens = program.tokens(chosen);
        Tensor table = Program.random(random, 9, 3);
        Value whole = program.add(new TensorOp.Embed(tokens, program.weight("whole", table)));
        int cut = 1 + random.nextInt(8);
        Value below = program.weight("below", Tensor.floats(Arrays.copyOf(table.floats(), cut * 3), cut, 3));
        Value above =
                program.weight("above", Tensor.floats(Arrays.copyOfRange(table.floats(), cut * 3, 27), 9 - cut, 3));
        Value first = program.add(new TensorOp.Embed(tokens, below, Optional.of(new Slice(0, 9, Optional.empty()))));
        Value last = program.add(new TensorOp.Embed(tokens, above, Optional.of(new Slice(cut, 9, Optional.of(first)))));
        List<Tensor> results = program.run(whole, first, last);
        assertArrayEquals(results.get(0).floats(), results.get(2).floats());
        for (int index = 0; index < 18; index++) {
            boolean own = !Float.isNaN(results.get(1).floats()[index]);
            assertEquals(own, chosen[index / 3] < cut);
        }
    }

    @Property
    void aFinishedNormIsANormAndAMap(@ForAll long seed, @ForAll boolean grouped) {
        Random random = new Random(seed);
        Program program = new Program();
        Value x = program.input("x", Program.random(random, 3, 12));
        Value residual = program.input("residual", Program.random(random, 3, 12));
        Value gain = program.weight("gain", Program.randomVector(random, grouped ? 4 : 12));
        Value fused = program.add(
                new TensorOp.RmsNorm(x, gain, EPSILON, Pointwise.add(Pointwise.of(residual), TensorOp.Linear.PLAIN)));
        Value norm = program.add(new TensorOp.RmsNorm(x, gain, EPSILON));
        Value sum = program.add(TensorOp.Map.sum(residual, norm));
        List<Tensor> results = program.run(fused, sum);
        assertArrayEquals(results.get(1).floats(), results.get(0).floats());
    }

    @Property
    void productsSideBySideAreTheSameApart(@ForAll long seed, @ForAll boolean normed) {
        Random random = new Random(seed);
        Program program = new Program();
        Value x = program.input("x", Program.random(random, 3, 10));
        Value gain = program.weight("gain", Program.randomVector(random, 10));
        Value first = program.weight("first", Program.random(random, 8, 10));
        Value second = program.weight("second", Program.random(random, 5, 10));
        Value residual = program.input("residual", Program.random(random, 3, 5));
        Pointwise gated = Pointwise.gated(Pointwise.Function.SILU, new Pointwise.Part(0), new Pointwise.Part(1));
        Pointwise added = Pointwise.add(Pointwise.of(residual), new Pointwise.Part(0));
        Optional<TensorOp.Linear.Norm> norm =
                normed ? Optional.of(new TensorOp.Linear.Norm(gain, EPSILON)) : Optional.empty();

        List<Value> together = program.addAll(
                new TensorOp.Products(
                        x,
                        norm,
                        List.of(
                                new TensorOp.Products.Product(first, 2, gated),
                                new TensorOp.Products.Product(second, 1, added))),
                "one",
                "other");
        Value one = program.add(new TensorOp.Linear(x, norm, first, 2, gated));
        Value other = program.add(new TensorOp.Linear(x, norm, second, 1, added));

        List<Tensor> results = program.run(together.get(0), together.get(1), one, other);
        assertEquals(List.of(3, 4), results.get(0).shape());
        assertArrayEquals(results.get(2).floats(), results.get(0).floats());
        assertArrayEquals(results.get(3).floats(), results.get(1).floats());
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
