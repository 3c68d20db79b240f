package dev.quern.codegen;

import dev.quern.codegen.lowering.BindingLimit;
import dev.quern.codegen.lowering.SelectionException;
import dev.quern.codegen.repack.Tile;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Dim;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Encoding;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Slice;
import dev.quern.ir.Stage;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.Embed;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.MatMul;
import dev.quern.ir.TensorOp.Products;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.plan.DeviceProfile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Splits matrices that are larger than what a device can bind at a time into pieces of rows, each a weight of its own.
 *
 * <pre>
 *   before  %y = matmul %x, @w
 *   after   %y.0 = linear %x, @w.0 {start = 0, whole = 128256}
 *           %y = linear %x, @w.1 {start = 64128, whole = 128256, others = %y.0}
 * </pre>
 *
 * <p>The pieces of a product write columns of one result, one after the other; those of an embedding write the rows
 * whose tokens lie in them and leave the others. A matrix that is read as several parts, gate over up, is split in each
 * of them alike.
 *
 * <p>The limit is that of the smallest binding, wherever the profile keeps its matrices, so that all plans of a bundle
 * share one split.
 *
 * <p>When not: the matrix can be bound whole; then nothing changes. A matrix of which not even eight rows fit is left
 * as it is, for the choice of kernels to refuse.
 */
public final class SplitWeights {
    /** Rows of a piece are a multiple of what a workgroup owns, so that none but the last is half idle. */
    private static final long GRANULE = 4L * Tile.ROWS;

    private final Module module;
    private final long limit;
    private final ToLongFunction<String> rowsOf;
    private final Map<String, List<Piece>> pieces = new LinkedHashMap<>();
    private final Set<String> names = new HashSet<>();

    private SplitWeights(Module module, long limit, ToLongFunction<String> rowsOf) {
        this.module = module;
        this.limit = limit;
        this.rowsOf = rowsOf;
        module.weights().forEach(weight -> names.add(weight.name()));
    }

    /**
     * Some rows of a weight.
     *
     * @param weight that has them
     * @param start where they begin in each part of the whole
     * @param whole rows of a part of the whole
     */
    private record Piece(Weight weight, long start, long whole) {}

    /**
     * Splits what a profile cannot bind.
     *
     * @param module at the {@code tensor} stage
     * @param rowsOf the number of rows of a tensor of the model file
     * @throws SelectionException if a weight is used as one matrix and as several parts, and would have to be split
     */
    public static Module split(Module module, DeviceProfile profile, ToLongFunction<String> rowsOf) {
        if (module.stage() != Stage.TENSOR) {
            throw new IllegalArgumentException("kernels are chosen already, for weights as they are");
        }
        return new SplitWeights(module, BindingLimit.anywhere(profile), rowsOf).split();
    }

    private Module split() {
        List<Function> functions = module.functions().stream().map(this::split).toList();
        if (pieces.values().stream().allMatch(List::isEmpty)) {
            return module;
        }
        List<Weight> weights = new ArrayList<>();
        for (Weight weight : module.weights()) {
            List<Piece> of = pieces.getOrDefault(weight.name(), List.of());
            if (of.isEmpty()) {
                weights.add(weight);
            } else {
                of.forEach(piece -> weights.add(piece.weight()));
            }
        }
        return module.with(weights, functions);
    }

    private Function split(Function function) {
        Set<String> locals = new HashSet<>();
        function.parameters().forEach(parameter -> locals.add(parameter.name()));
        function.body().forEach(statement -> statement.results().forEach(result -> locals.add(result.name())));
        List<Statement> body = new ArrayList<>();
        for (Statement statement : function.body()) {
            body.addAll(split(statement, locals));
        }
        return function.with(body, function.results());
    }

    private List<Statement> split(Statement statement, Set<String> locals) {
        return switch (statement.op()) {
            case Embed op ->
                chain(
                        statement,
                        pieces(op.table(), 1),
                        op.slice(),
                        locals,
                        (rows, slice) -> new Embed(op.tokens(), rows, Optional.of(slice)));
            case MatMul op -> split(statement, Linear.of(op), locals);
            case Linear op -> split(statement, op, locals);
            case Products op -> split(statement, op, locals);
            case TensorOp _ -> List.of(statement);
            case Dispatch dispatch ->
                throw new IllegalArgumentException("a kernel is chosen already: " + dispatch.kernel());
        };
    }

    private List<Statement> split(Statement statement, Linear op, Set<String> locals) {
        return chain(statement, pieces(op.weight(), op.parts()), op.slice(), locals, op::with);
    }

    /**
     * Products whose weights are split stand by themselves, those that can be bound whole together as before. A sum
     * that they are of is computed by itself then.
     */
    private List<Statement> split(Statement statement, Products op, Set<String> locals) {
        if (op.products().stream()
                .allMatch(each -> pieces(each.weight(), each.parts()).isEmpty())) {
            return List.of(statement);
        }
        List<Statement> apart = new ArrayList<>();
        List<Value> values = new ArrayList<>(statement.results());
        op.sum().ifPresent(sum -> apart.add(new Statement(List.of(values.removeFirst()), sum.of(op.x()))));
        Value input = apart.isEmpty() ? op.x() : apart.getFirst().result();
        List<Value> results = new ArrayList<>();
        List<Products.Product> together = new ArrayList<>();
        for (Linear linear : op.linears(input)) {
            Value result = values.removeFirst();
            if (pieces(linear.weight(), linear.parts()).isEmpty()) {
                results.add(result);
                together.add(Products.Product.of(linear));
            } else {
                apart.addAll(split(new Statement(List.of(result), linear), linear, locals));
            }
        }
        if (!together.isEmpty()) {
            Products rest = new Products(input, op.norm(), together);
            apart.add(new Statement(
                    results, together.size() == 1 ? rest.linears(input).getFirst() : rest));
        }
        return apart;
    }

    /** What computes a piece's part of a result. */
    @FunctionalInterface
    private interface Computation {
        TensorOp of(Value rows, Slice slice);
    }

    /** A statement for each piece; where the weight is a slice already, the pieces are slices of the same whole. */
    private static List<Statement> chain(
            Statement whole, List<Piece> pieces, Optional<Slice> slice, Set<String> locals, Computation computation) {
        if (pieces.isEmpty()) {
            return List.of(whole);
        }
        List<Statement> chain = new ArrayList<>();
        Optional<Value> before = Optional.empty();
        for (int index = 0; index < pieces.size(); index++) {
            Piece piece = pieces.get(index);
            Slice outer = slice.orElse(new Slice(0, piece.whole(), Optional.empty()));
            TensorOp op = computation.of(piece.weight().value(), outer.part(piece.start(), before));
            Value result = index == pieces.size() - 1
                    ? whole.result()
                    : Value.local(
                            fresh(whole.result().name() + "." + index, locals),
                            whole.result().type());
            chain.add(new Statement(List.of(result), op));
            before = Optional.of(result);
        }
        return chain;
    }

    /** The pieces of a weight that is read as so many parts; none if it can be bound whole. */
    private List<Piece> pieces(Value value, int parts) {
        if (value.kind() != Value.Kind.WEIGHT || !canBeTiled(value.tensor(), parts)) {
            return List.of();
        }
        List<Piece> known = pieces.get(value.name());
        if (known == null) {
            known = pieces(module.weight(value.name()).orElseThrow(), parts);
            pieces.put(value.name(), known);
        }
        if (!known.isEmpty()
                && known.getFirst().whole() * parts != value.tensor().rows().max()) {
            throw new SelectionException(value + " is used both as gate with up and as one matrix, and is too large to"
                    + " be bound whole; no division of its rows serves both.");
        }
        return known;
    }

    private static boolean canBeTiled(TensorType type, int parts) {
        return type.shape().size() == 2
                && type.encoding() != Encoding.Scalar.U32
                && type.rows().max() % parts == 0
                && type.columns() % type.encoding().elements() == 0;
    }

    private List<Piece> pieces(Weight weight, int parts) {
        TensorType type = weight.type();
        long rows = type.rows().max();
        TileGeometry geometry = new TileGeometry(type.encoding(), rows, type.columns(), parts);
        long whole = rows / parts;
        long most = limit / geometry.tileBytes() / parts * Tile.ROWS;
        if (geometry.bytes() <= limit || most == 0) {
            return List.of();
        }
        long rounded = Math.max(Tile.ROWS, most / GRANULE * GRANULE);
        long count = Math.ceilDiv(whole, rounded);
        long each = Math.min(rounded, Math.ceilDiv(Math.ceilDiv(whole, count), GRANULE) * GRANULE);
        List<Piece> all = new ArrayList<>();
        for (long start = 0; start < whole; start += each) {
            long own = Math.min(each, whole - start);
            List<Weight.Part> from = new ArrayList<>();
            for (int part = 0; part < parts; part++) {
                from.addAll(rows(weight, part * whole + start, own));
            }
            all.add(new Piece(
                    new Weight(
                            fresh(weight.name() + "." + all.size(), names),
                            new TensorType(
                                    type.encoding(),
                                    List.of(
                                            new Dim.Fixed(own * parts),
                                            type.shape().getLast())),
                            new Weight.Source.Tensors(from),
                            Optional.empty()),
                    start,
                    whole));
        }
        return all;
    }

    /** Where some rows of a weight come from. */
    private List<Weight.Part> rows(Weight weight, long first, long count) {
        List<Weight.Part> found = new ArrayList<>();
        long from = first;
        long left = count;
        for (Weight.Part part : weight.parts()) {
            long has = part.rows()
                    .map(Weight.RowRange::count)
                    .orElseGet(() -> weight.parts().size() == 1
                            ? weight.type().rows().max()
                            : rowsOf.applyAsLong(part.tensor()));
            if (left > 0 && from < has) {
                long taken = Math.min(left, has - from);
                found.add(part.rows(new Weight.RowRange(from, taken)));
                left -= taken;
            }
            from = Math.max(0, from - has);
        }
        if (left > 0) {
            throw new IllegalArgumentException("the tensors of " + weight.value() + " have fewer rows than it");
        }
        return found;
    }

    /** A name that none of these is: the hint, or the hint with a number; it is taken. */
    private static String fresh(String hint, Set<String> taken) {
        String name = hint;
        for (int count = 1; !taken.add(name); count++) {
            name = hint + "." + count;
        }
        return name;
    }
}
