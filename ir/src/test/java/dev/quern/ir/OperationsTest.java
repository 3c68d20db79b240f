package dev.quern.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Grid.Extent;
import dev.quern.ir.Pointwise.Part;
import dev.quern.ir.TensorOp.Attention.Sharpening;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.PlaceHeads;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every operation says of itself: its operands, and the types of its results; and the small things that functions
 * are built of.
 */
class OperationsTest {
    private static final Pointwise GATED = Pointwise.gated(Pointwise.Function.SILU, new Part(0), new Part(1));
    private static final Dim N = new Dim.Symbol("n", 8);
    private static final Rotation ROTATION = new Rotation(8, 6, 10_000, 1, Rotation.Pairing.HALVES);

    private static Value rows(String name, long columns) {
        return Value.local(name, TensorType.f32(N, columns));
    }

    private static Value local(String name, Encoding encoding, long... extents) {
        return Value.local(name, TensorType.of(encoding, extents));
    }

    private static Value weight(String name, long... extents) {
        return Value.weight(name, TensorType.of(Encoding.Scalar.F32, extents));
    }

    private static Value state(String name, long columns) {
        return Value.local(name, new StateType(TensorType.of(Encoding.Scalar.F16, 16, columns)));
    }

    private static final Value X = rows("x", 24);
    private static final Value Y = rows("y", 24);
    private static final Value P = local("p", Encoding.Scalar.U32, 1);
    private static final Value GAIN = weight("gain", 24);
    private static final Value FACTORS = weight("factors", 3);
    private static final Value KEYS = state("keys", 8);
    private static final Value VALUES = state("values", 8);

    /** A table that the operation itself does not have is an operand too, once. */
    private static final Dispatch WRITE = new Dispatch(
            new TensorOp.StateWrite(KEYS, rows("eight", 8), P),
            KernelInstance.of("state_write").with("lanes", 64).with("input", "uniform"),
            List.of(
                    new Binding.Reads(rows("eight", 8)),
                    new Binding.Reads(GAIN),
                    new Binding.Reads(GAIN),
                    new Binding.InPlace(KEYS, 0)),
            new Grid(List.of(Extent.fixed(3))),
            List.of("For a test."));

    /** An operation, its operands in order, and the types of its results. */
    private record Case(Op op, List<Value> operands, String types) {}

    private static Map<String, Case> cases() {
        Value tokens = Value.local("tokens", new TensorType(Encoding.Scalar.U32, List.of(N)));
        Value table = weight("table", 29, 24);
        Value w = weight("w", 10, 24);
        Value half = rows("half", 5);
        Value ten = rows("ten", 10);
        Optional<Linear.Norm> norm = Optional.of(new Linear.Norm(GAIN, 1e-5f));
        Map<String, Case> cases = new LinkedHashMap<>();
        cases.put("embed", new Case(new TensorOp.Embed(tokens, table), List.of(tokens, table), "f32[?n, 24]"));
        cases.put("rms_norm", new Case(new TensorOp.RmsNorm(X, GAIN, 1e-5f), List.of(X, GAIN), "f32[?n, 24]"));
        cases.put(
                "rms_norm with a residual",
                new Case(
                        new TensorOp.RmsNorm(X, GAIN, 1e-5f, Pointwise.add(Pointwise.of(Y), Linear.PLAIN)),
                        List.of(X, GAIN, Y),
                        "f32[?n, 24]"));
        cases.put("matmul", new Case(new TensorOp.MatMul(X, w), List.of(X, w), "f32[?n, 10]"));
        cases.put("sum", new Case(TensorOp.Map.sum(X, Y), List.of(X, Y), "f32[?n, 24]"));
        cases.put(
                "every leaf",
                new Case(
                        new TensorOp.Map(Pointwise.add(
                                Pointwise.multiply(new Pointwise.Constant(2), Pointwise.of(Y)),
                                Pointwise.add(Pointwise.of(GAIN), Pointwise.add(Pointwise.of(X), Pointwise.of(Y))))),
                        List.of(Y, GAIN, X),
                        "f32[?n, 24]"));
        cases.put("scale", new Case(TensorOp.Map.scaled(2, X), List.of(X), "f32[?n, 24]"));
        cases.put("gate", new Case(TensorOp.Map.gated(Pointwise.Function.SILU, X, Y), List.of(X, Y), "f32[?n, 24]"));
        cases.put("columns", new Case(new TensorOp.Columns(X, 4, 20), List.of(X), "f32[?n, 20]"));
        cases.put("all columns", new Case(new TensorOp.Columns(X, 0, 24), List.of(X), "f32[?n, 24]"));
        cases.put("the last column", new Case(new TensorOp.Columns(X, 23, 1), List.of(X), "f32[?n, 1]"));
        cases.put("rope", new Case(new TensorOp.Rope(X, P, Optional.empty(), ROTATION), List.of(X, P), "f32[?n, 24]"));
        cases.put(
                "rope with factors",
                new Case(
                        new TensorOp.Rope(X, P, Optional.of(FACTORS), ROTATION),
                        List.of(X, P, FACTORS),
                        "f32[?n, 24]"));
        Value eight = rows("eight", 8);
        cases.put(
                "state_write",
                new Case(new TensorOp.StateWrite(KEYS, eight, P), List.of(KEYS, eight, P), "state<f16[16, 8]>"));
        cases.put(
                "attention",
                new Case(
                        new TensorOp.Attention(X, KEYS, VALUES, P, 3, 1, 1),
                        List.of(X, KEYS, VALUES, P),
                        "f32[?n, 24]"));
        cases.put(
                "attention with shared heads",
                new Case(
                        new TensorOp.Attention(rows("q", 16), KEYS, VALUES, P, 4, 2, 1),
                        List.of(rows("q", 16), KEYS, VALUES, P),
                        "f32[?n, 16]"));
        cases.put("argmax", new Case(new TensorOp.ArgMax(X), List.of(X), "u32[?n]"));
        cases.put(
                "linear", new Case(new Linear(X, Optional.empty(), w, 1, Linear.PLAIN), List.of(X, w), "f32[?n, 10]"));
        cases.put("linear of two parts", new Case(new Linear(X, norm, w, 2, GATED), List.of(X, w, GAIN), "f32[?n, 5]"));
        cases.put(
                "linear with a residual",
                new Case(
                        new Linear(X, norm, w, 1, Pointwise.add(Pointwise.of(ten), Linear.PLAIN)),
                        List.of(X, w, GAIN, ten),
                        "f32[?n, 10]"));
        cases.put(
                "linear of two parts with a residual",
                new Case(
                        new Linear(X, Optional.empty(), w, 2, Pointwise.add(Pointwise.of(half), GATED)),
                        List.of(X, w, half),
                        "f32[?n, 5]"));
        Value forty = rows("forty", 40);
        cases.put(
                "the first slice of a table",
                new Case(
                        new TensorOp.Embed(tokens, table, Optional.of(new Slice(0, 60, Optional.empty()))),
                        List.of(tokens, table),
                        "f32[?n, 24]"));
        cases.put(
                "the last slice of a table",
                new Case(
                        new TensorOp.Embed(tokens, table, Optional.of(new Slice(31, 60, Optional.of(X)))),
                        List.of(tokens, table, X),
                        "f32[?n, 24]"));
        cases.put(
                "the first slice of a product",
                new Case(
                        new Linear(X, norm, w, 2, GATED, Optional.of(new Slice(0, 40, Optional.empty()))),
                        List.of(X, w, GAIN),
                        "f32[?n, 40]"));
        cases.put(
                "the last slice of a product",
                new Case(
                        new Linear(
                                X,
                                Optional.empty(),
                                w,
                                1,
                                Pointwise.add(Pointwise.of(rows("sum", 40)), Linear.PLAIN),
                                Optional.of(new Slice(30, 40, Optional.of(forty)))),
                        List.of(X, w, rows("sum", 40), forty),
                        "f32[?n, 40]"));
        Value v = weight("v", 6, 24);
        Value six = rows("six", 6);
        cases.put(
                "products",
                new Case(
                        new TensorOp.Products(
                                X,
                                norm,
                                List.of(
                                        new TensorOp.Products.Product(w, 2, GATED),
                                        new TensorOp.Products.Product(
                                                v, 1, Pointwise.add(Pointwise.of(six), Linear.PLAIN)))),
                        List.of(X, w, v, GAIN, six),
                        "f32[?n, 5], f32[?n, 6]"));
        Value qkv = rows("qkv", 32);
        cases.put(
                "place_heads",
                new Case(
                        sideBySide(qkv, P, Optional.of(FACTORS), KEYS, VALUES, 2, 1, ROTATION),
                        List.of(qkv, P, KEYS, VALUES, FACTORS),
                        "f32[?n, 16], state<f16[16, 8]>, state<f16[16, 8]>"));
        cases.put(
                "place_heads with shared heads",
                new Case(
                        sideBySide(
                                rows("wide", 64), P, Optional.empty(), state("k", 16), state("v", 16), 4, 2, ROTATION),
                        List.of(rows("wide", 64), P, state("k", 16), state("v", 16)),
                        "f32[?n, 32], state<f16[16, 16]>, state<f16[16, 16]>"));
        Value wide = rows("wide", 40);
        Value eighth = weight("eighth", 8);
        cases.put(
                "place_heads of several values, normalised and not rotated",
                new Case(
                        new PlaceHeads(
                                new PlaceHeads.Part(wide, 24, headNorm(eighth)),
                                new PlaceHeads.Part(wide, 16, headNorm(weight("other", 8))),
                                new PlaceHeads.Part(eight, 0),
                                P,
                                KEYS,
                                VALUES,
                                Optional.empty(),
                                2,
                                1,
                                Optional.empty()),
                        List.of(wide, eight, P, KEYS, VALUES, eighth, weight("other", 8)),
                        "f32[?n, 16], state<f16[16, 8]>, state<f16[16, 8]>"));
        cases.put(
                "attention with a window and a cap",
                new Case(
                        new TensorOp.Attention(X, KEYS, VALUES, P, 3, 1, 1, Optional.of(1), Optional.of(50f)),
                        List.of(X, KEYS, VALUES, P),
                        "f32[?n, 24]"));
        cases.put(
                "rms_norm over heads",
                new Case(new TensorOp.RmsNorm(X, eighth, 1e-5f), List.of(X, eighth), "f32[?n, 24]"));
        cases.put("dispatch", new Case(WRITE, List.of(KEYS, rows("eight", 8), P, GAIN), "state<f16[16, 8]>"));
        return cases;
    }

    @TestFactory
    Stream<DynamicTest> everyOperationKnowsItsOperandsAndItsResults() {
        return cases().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Case each = entry.getValue();
                    assertEquals(each.operands(), each.op().operands());
                    assertEquals(
                            each.types(),
                            String.join(
                                    ", ",
                                    each.op().infer().stream()
                                            .map(Type::toString)
                                            .toList()));
                    assertEquals(each.op(), each.op().map(value -> value));
                    Op renamed = each.op().map(value -> new Value(value.kind(), value.name() + "'", value.type()));
                    assertEquals(
                            each.operands().stream().map(value -> value + "'").toList(),
                            renamed.operands().stream().map(Value::toString).toList());
                    assertEquals(
                            each.op(),
                            renamed.map(value -> new Value(
                                    value.kind(),
                                    value.name().substring(0, value.name().length() - 1),
                                    value.type())),
                            "nothing else is changed");
                }));
    }

    @Test
    void everyOperationHasACase() {
        List<Class<?>> kinds = new ArrayList<>(List.of(TensorOp.class.getPermittedSubclasses()));
        kinds.add(Dispatch.class);
        cases().values().forEach(each -> kinds.remove(each.op().getClass()));
        assertEquals(List.of(), kinds);
    }

    /** One step beyond what fits, in each direction. */
    @Test
    void whatDoesNotFitIsRefusedByItsRule() {
        refused(TypeRule.COLUMNS_WITHIN, new TensorOp.Columns(X, 5, 20));
        refused(TypeRule.COLUMNS_WITHIN, new TensorOp.Columns(X, -1, 20));
        refused(TypeRule.COLUMNS_WITHIN, new TensorOp.Columns(X, 4, 0));
        refused(TypeRule.COLUMNS_WITHIN, new TensorOp.Columns(X, 24, 1));
        refused(TypeRule.HEADS_SHARED, new TensorOp.Attention(X, KEYS, VALUES, P, 3, 2, 1));
        refused(TypeRule.HEADS_SHARED, new TensorOp.Attention(X, KEYS, VALUES, P, 1, 0, 1));
        refused(TypeRule.HEADS_SHARED, new TensorOp.Attention(X, KEYS, VALUES, P, 0, 1, 1));
        refused(TypeRule.ATTENTION_HEADS, new TensorOp.Attention(X, KEYS, VALUES, P, 5, 1, 1));
        refused(TypeRule.ATTENTION_KEYS, new TensorOp.Attention(X, state("k", 16), VALUES, P, 3, 1, 1));
        refused(TypeRule.ATTENTION_VALUES, new TensorOp.Attention(X, KEYS, state("v", 16), P, 3, 1, 1));
        refused(TypeRule.POSITION, new TensorOp.Attention(X, KEYS, VALUES, X, 3, 1, 1));
        refused(TypeRule.POSITION, new TensorOp.Rope(X, X, Optional.empty(), ROTATION));
        refused(TypeRule.POSITION, new TensorOp.StateWrite(KEYS, rows("x", 8), X));
        refused(TypeRule.ROPE_HEADS, new TensorOp.Rope(rows("x", 20), P, Optional.empty(), ROTATION));
        refused(TypeRule.ROPE_FACTORS, new TensorOp.Rope(X, P, Optional.of(GAIN), ROTATION));
        refused(TypeRule.STATE_COLUMNS, new TensorOp.StateWrite(KEYS, X, P));
        refused(TypeRule.STATE, new TensorOp.StateWrite(X, X, P));
        refused(TypeRule.TENSOR, TensorOp.Map.scaled(1, KEYS));
        refused(TypeRule.ACTIVATIONS_F32, TensorOp.Map.scaled(1, local("x", Encoding.Scalar.F16, 2, 4)));
        refused(TypeRule.ACTIVATIONS_MATRIX, TensorOp.Map.scaled(1, local("x", Encoding.Scalar.F32, 4)));
        refused(TypeRule.ACTIVATIONS_F32, new TensorOp.ArgMax(local("x", Encoding.Scalar.U32, 2, 4)));
        refused(
                TypeRule.ACTIVATIONS_F32,
                new TensorOp.MatMul(local("x", Encoding.Scalar.F16, 2, 4), weight("w", 4, 4)));
        refused(TypeRule.POINTWISE_ELEMENT, TensorOp.Map.sum(X, rows("y", 23)));
        refused(TypeRule.PRODUCT_WEIGHT, new TensorOp.MatMul(X, GAIN));
        refused(TypeRule.PRODUCT_COLUMNS, new TensorOp.MatMul(X, weight("w", 24, 10)));
        refused(TypeRule.NORM_GAIN, new TensorOp.RmsNorm(X, weight("five", 5), 1));
        refused(
                TypeRule.LINEAR_NORM,
                new Linear(X, Optional.of(new Linear.Norm(FACTORS, 1)), weight("w", 2, 24), 1, Linear.PLAIN));
        refused(TypeRule.LINEAR_PARTS, new Linear(X, Optional.empty(), weight("w", 5, 24), 2, Linear.PLAIN));
        refused(TypeRule.LINEAR_PARTS, new Linear(X, Optional.empty(), weight("w", 5, 24), 0, Linear.PLAIN));
        refused(TypeRule.PRODUCTS_WEIGHT, new TensorOp.Products(X, Optional.empty(), List.of()));
        refused(
                TypeRule.PRODUCT_COLUMNS,
                new TensorOp.Products(
                        X,
                        Optional.empty(),
                        List.of(
                                new TensorOp.Products.Product(weight("w", 5, 24), 1, Linear.PLAIN),
                                new TensorOp.Products.Product(weight("v", 5, 23), 1, Linear.PLAIN))));
        refused(TypeRule.POINTWISE_PART, new Linear(X, Optional.empty(), weight("w", 4, 24), 1, new Part(1)));
        refused(TypeRule.POINTWISE_PART, new Linear(X, Optional.empty(), weight("w", 4, 24), 2, new Part(-1)));
        refused(TypeRule.POINTWISE_PART, new TensorOp.Map(Pointwise.add(Pointwise.of(X), new Part(0))));
        refused(
                TypeRule.POINTWISE_ELEMENT,
                new Linear(X, Optional.empty(), weight("w", 10, 24), 2, Pointwise.of(rows("r", 10))));
        refused(TypeRule.POINTWISE_VECTOR, new TensorOp.Map(Pointwise.add(Pointwise.of(X), Pointwise.of(FACTORS))));
        refused(TypeRule.POINTWISE_CONSTANT, TensorOp.Map.scaled(Float.NaN, X));
        refused(TypeRule.POINTWISE_CONSTANT, TensorOp.Map.scaled(Float.NEGATIVE_INFINITY, X));
        refused(TypeRule.MAP_ACTIVATION, new TensorOp.Map(Pointwise.of(GAIN)));
        refused(TypeRule.MAP_ACTIVATION, new TensorOp.Map(new Pointwise.Constant(1)));
        for (Slice slice : List.of(
                new Slice(-1, 40, Optional.empty()),
                new Slice(31, 40, Optional.of(rows("others", 40))),
                new Slice(0, 9, Optional.empty()),
                new Slice(Long.MAX_VALUE, Long.MAX_VALUE, Optional.empty()),
                new Slice(1, Long.MIN_VALUE, Optional.empty()))) {
            refused(TypeRule.SLICE_WITHIN, sliced(slice));
        }
        refused(TypeRule.SLICE_OTHERS, sliced(new Slice(1, 40, Optional.of(rows("others", 10)))));
        refused(TypeRule.SLICE_OTHERS, sliced(new Slice(1, 40, Optional.of(weight("others", 8, 40)))));
        refused(TypeRule.SLICE_OTHERS, sliced(new Slice(1, 40, Optional.empty())));
        refused(TypeRule.SLICE_OTHERS, sliced(new Slice(0, 40, Optional.of(rows("others", 40)))));
        refused(
                TypeRule.POINTWISE_ELEMENT,
                sliced(new Slice(0, 40, Optional.empty()), Pointwise.add(Pointwise.of(rows("r", 10)), Linear.PLAIN)));
        Value tokens = Value.local("tokens", new TensorType(Encoding.Scalar.U32, List.of(N)));
        refused(
                TypeRule.SLICE_WITHIN,
                new TensorOp.Embed(tokens, weight("t", 4, 4), Optional.of(new Slice(5, 8, Optional.empty()))));
        refused(
                TypeRule.SLICE_OTHERS,
                new TensorOp.Embed(tokens, weight("t", 4, 4), Optional.of(new Slice(4, 8, Optional.of(X)))));
        refused(TypeRule.EMBED_TOKENS, new TensorOp.Embed(X, weight("t", 4, 4)));
        refused(TypeRule.EMBED_TABLE, new TensorOp.Embed(P, GAIN));
        refused(TypeRule.NORM_GAIN, new TensorOp.RmsNorm(X, weight("gain", 48), 1));
        refused(
                TypeRule.ATTENTION_WINDOW,
                new TensorOp.Attention(X, KEYS, VALUES, P, 3, 1, 1, Optional.of(0), Optional.empty()));
        for (float cap : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            refused(
                    TypeRule.ATTENTION_CAP,
                    new TensorOp.Attention(X, KEYS, VALUES, P, 3, 1, 1, Optional.empty(), Optional.of(cap)));
        }
        for (var growth : List.of(new Sharpening(0, 0.1f), new Sharpening(8, Float.NaN))) {
            refused(
                    TypeRule.ATTENTION_SHARPENING,
                    new TensorOp.Attention(
                            X, KEYS, VALUES, P, 3, 1, 1, Optional.empty(), Optional.empty(), Optional.of(growth)));
        }
    }

    @Test
    void headsThatDoNotFitTheirPlaceAreRefused() {
        Value qkv = rows("qkv", 32);
        refused(TypeRule.PLACE_HEADS_COLUMNS, sideBySide(X, P, Optional.empty(), KEYS, VALUES, 2, 1, ROTATION));
        refused(
                TypeRule.PLACE_HEADS_KEYS,
                sideBySide(qkv, P, Optional.empty(), state("k", 16), state("v", 16), 2, 1, ROTATION));
        refused(
                TypeRule.PLACE_HEADS_KEYS,
                sideBySide(qkv, P, Optional.empty(), state("k", 9), state("v", 9), 2, 2, ROTATION));
        refused(
                TypeRule.PLACE_HEADS_VALUES,
                sideBySide(qkv, P, Optional.empty(), KEYS, state("v", 16), 2, 1, ROTATION));
        refused(TypeRule.ROPE_FACTORS, sideBySide(qkv, P, Optional.of(GAIN), KEYS, VALUES, 2, 1, ROTATION));
        refused(TypeRule.HEADS_SHARED, sideBySide(qkv, P, Optional.empty(), KEYS, VALUES, 2, 3, ROTATION));
        refused(TypeRule.POSITION, sideBySide(qkv, X, Optional.empty(), KEYS, VALUES, 2, 1, ROTATION));
        refused(
                TypeRule.ACTIVATIONS_F32,
                sideBySide(local("q", Encoding.Scalar.F16, 2, 32), P, Optional.empty(), KEYS, VALUES, 2, 1, ROTATION));
        PlaceHeads fits = sideBySide(qkv, P, Optional.empty(), KEYS, VALUES, 2, 1, ROTATION);
        refused(TypeRule.PLACE_HEADS_COLUMNS, withKey(fits, new PlaceHeads.Part(qkv, 25)));
        refused(TypeRule.PLACE_HEADS_COLUMNS, withKey(fits, new PlaceHeads.Part(qkv, -1)));
        refused(TypeRule.PLACE_HEADS_COLUMNS, withKey(fits, new PlaceHeads.Part(rows("narrow", 7), 0)));
        refused(
                TypeRule.PLACE_HEADS_ROWS,
                withKey(fits, new PlaceHeads.Part(local("two", Encoding.Scalar.F32, 2, 8), 0)));
        refused(TypeRule.PLACE_HEADS_NORM, withKey(fits, new PlaceHeads.Part(qkv, 16, headNorm(weight("four", 4)))));
        refused(
                TypeRule.ROPE_FACTORS,
                new PlaceHeads(
                        fits.query(),
                        fits.key(),
                        fits.value(),
                        P,
                        KEYS,
                        VALUES,
                        Optional.of(FACTORS),
                        2,
                        1,
                        Optional.empty()));
    }

    private static PlaceHeads sideBySide(
            Value x,
            Value position,
            Optional<Value> factors,
            Value keys,
            Value values,
            int heads,
            int keyValueHeads,
            Rotation rotation) {
        long queryWidth = (long) heads * rotation.headSize();
        long keyWidth = (long) keyValueHeads * rotation.headSize();
        return new PlaceHeads(
                new PlaceHeads.Part(x, 0),
                new PlaceHeads.Part(x, queryWidth),
                new PlaceHeads.Part(x, queryWidth + keyWidth),
                position,
                keys,
                values,
                factors,
                heads,
                keyValueHeads,
                Optional.of(rotation));
    }

    private static PlaceHeads withKey(PlaceHeads op, PlaceHeads.Part key) {
        return new PlaceHeads(
                op.query(),
                key,
                op.value(),
                op.position(),
                op.keys(),
                op.values(),
                op.factors(),
                op.heads(),
                op.keyValueHeads(),
                op.rotation());
    }

    private static Optional<Linear.Norm> headNorm(Value gain) {
        return Optional.of(new Linear.Norm(gain, 1e-6f));
    }

    /** Activations are f32, whatever is done with them. */
    @Test
    void activationsAreFloats() {
        Value halves = local("x", Encoding.Scalar.F16, 8, 24);
        for (Op op : List.of(
                new TensorOp.RmsNorm(halves, GAIN, 1),
                TensorOp.Map.sum(halves, halves),
                TensorOp.Map.gated(Pointwise.Function.SILU, halves, halves),
                new TensorOp.Columns(halves, 0, 24),
                new TensorOp.Rope(halves, P, Optional.empty(), ROTATION),
                new TensorOp.StateWrite(state("s", 24), halves, P),
                new TensorOp.Attention(halves, KEYS, VALUES, P, 3, 1, 1),
                new Linear(halves, Optional.empty(), weight("w", 10, 24), 1, Linear.PLAIN))) {
            refused(TypeRule.ACTIVATIONS_F32, op);
        }
    }

    /** A result is complete with the last rows, and only then. */
    @Test
    void aResultIsCompleteWithItsLastSlice() {
        Optional<Value> before = Optional.of(rows("before", 40));
        assertTrue(Slice.incomplete(sliced(new Slice(0, 40, Optional.empty()))));
        assertTrue(Slice.incomplete(sliced(new Slice(29, 40, before))));
        assertFalse(Slice.incomplete(sliced(new Slice(30, 40, before))));
        assertFalse(Slice.incomplete(sliced(new Slice(0, 10, Optional.empty()))));
        assertFalse(Slice.incomplete(new TensorOp.ArgMax(X)));
        Linear halves =
                new Linear(X, Optional.empty(), weight("w", 10, 24), 2, GATED, Optional.of(new Slice(5, 10, before)));
        assertFalse(Slice.incomplete(halves), "five rows of each part");
        assertEquals(
                new Slice(12, 40, before),
                new Slice(5, 40, Optional.of(rows("earlier", 40))).part(7, before),
                "rows of a slice");
        assertEquals(new Slice(5, 40, before), new Slice(5, 40, before).part(0, Optional.empty()));
    }

    private static Linear sliced(Slice slice) {
        return sliced(slice, Linear.PLAIN);
    }

    private static Linear sliced(Slice slice, Pointwise finish) {
        return new Linear(X, Optional.empty(), weight("w", 10, 24), 1, finish, Optional.of(slice));
    }

    private static void refused(TypeRule rule, Op op) {
        assertEquals(
                rule, assertThrows(TypeException.class, op::infer, rule.name()).rule());
    }

    @Test
    void namesOfAFunctionAreItsOwn() {
        FunctionBuilder builder = new FunctionBuilder("f");
        Value x = builder.parameter("x", X.type());
        Value first = builder.add("x", TensorOp.Map.scaled(2, x));
        Value taken = builder.add("y.1", TensorOp.Map.scaled(2, first));
        Value y = builder.add("y", TensorOp.Map.sum(first, taken));
        Value again = builder.add("y", TensorOp.Map.sum(y, first));
        Value third = builder.add("x", TensorOp.Map.sum(again, y));
        assertEquals(
                "%x %x.1 %y.1 %y %y.1.1 %x.2",
                Stream.of(x, first, taken, y, again, third)
                        .map(Value::toString)
                        .reduce((a, b) -> a + " " + b)
                        .orElseThrow());
        assertThrows(
                IllegalArgumentException.class,
                () -> builder.addAll(List.of("a", "b"), TensorOp.Map.scaled(2, x)),
                "one result, two names");
        Function function = builder.build(List.of(third));
        assertEquals(List.of(x), function.parameters());
        assertEquals(5, function.body().size());
        assertEquals(List.of(third), function.results());
        assertEquals(function, function.with(function.body(), function.results()));
        assertEquals(List.of(), function.with(List.of(), List.of(x)).body());
    }

    @Test
    void aModuleFindsItsPartsByName() {
        Weight w = new Weight("w", TensorType.of(Encoding.Scalar.F32, 2, 2), List.of("w.weight"));
        Weight v = new Weight("v", w.type(), List.of());
        Function f = new Function("f", List.of(), List.of(), List.of());
        Function g = new Function("g", List.of(), List.of(), List.of());
        Module module = new Module("m", Stage.TENSOR, List.of(), List.of(v, w), List.of(f, g));
        assertEquals(Optional.of(w), module.weight("w"));
        assertEquals(Optional.empty(), module.weight("x"));
        assertEquals(Optional.of(g), module.function("g"));
        assertEquals(Optional.empty(), module.function("h"));
        assertEquals(
                new Module("m", Stage.TENSOR, List.of(), List.of(w), List.of(g)), module.with(List.of(w), List.of(g)));
        Storage storage = new Storage(Layout.PLAIN, Placement.BUFFER);
        assertEquals(new Weight("w", w.type(), w.source(), Optional.of(storage)), w.with(storage));
        assertEquals(Value.weight("w", w.type()), w.value());
    }

    @Test
    void theOnlyResultIsAskedForWhereThereIsOne() {
        assertEquals(Y, new Statement(List.of(Y), TensorOp.Map.scaled(1, X)).result());
        assertThrows(
                IllegalStateException.class, () -> new Statement(List.of(X, Y), TensorOp.Map.scaled(1, X)).result());
    }

    @Test
    void aGridIsRoundedUp() {
        Extent extent = new Extent(N, 3, 2);
        assertEquals(List.of(2L, 3L, 5L), List.of(extent.at(1), extent.at(2), extent.at(3)));
        assertEquals(12, extent.max());
        assertEquals(7, Extent.fixed(7).at(7));
    }

    @Test
    void aDispatchSaysWhereItsResultsLie() {
        assertEquals(3, WRITE.slotOf(0));
        assertEquals(Optional.of(KEYS), WRITE.takenOver(0));
        assertThrows(IllegalArgumentException.class, () -> WRITE.slotOf(1));
        Dispatch apart = new Dispatch(
                TensorOp.Map.scaled(2, X),
                KernelInstance.of("k"),
                List.of(new Binding.Writes(0), new Binding.Reads(X)),
                new Grid(List.of()),
                List.of());
        assertEquals(0, apart.slotOf(0));
        assertEquals(Optional.empty(), apart.takenOver(0));
        assertEquals(List.of(X), apart.operands());
    }

    /** A text does not say why, and what is read from it is the same graph. */
    @Test
    void whyAKernelWasChosenMakesNoDifference() {
        Dispatch other = new Dispatch(WRITE.computes(), WRITE.kernel(), WRITE.bindings(), WRITE.grid(), List.of());
        assertEquals(WRITE, other);
        assertEquals(WRITE.hashCode(), other.hashCode());
        assertEquals(List.of("For a test."), WRITE.map(value -> value).why());
        KernelInstance wider = WRITE.kernel().with("lanes", 128);
        assertNotEquals(WRITE, new Dispatch(WRITE.computes(), wider, WRITE.bindings(), WRITE.grid(), WRITE.why()));
        assertEquals(List.of("input", "lanes"), List.copyOf(wider.parameters().keySet()));
    }

    @Test
    void headsAreAsWideAsTheQueriesSay() {
        assertEquals(8, new TensorOp.Attention(X, KEYS, VALUES, P, 3, 1, 1).headSize());
    }
}
