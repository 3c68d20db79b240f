package dev.quern.ir;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Modules that are well formed and make no sense: any operation over any values of any types. */
public final class Nonsense {
    private static final String[] KERNELS = {"k", "matvec.lanes", "by.binds.grid", "_9.as"};
    private static final String[] WORDS = {"tiles", "by", "grid", "as", "x_1"};

    private final Random random;
    private final List<Dim.Symbol> symbols = new ArrayList<>();
    private final List<Weight> weights = new ArrayList<>();
    private final List<Value> values = new ArrayList<>();
    private int names;

    private Nonsense(Random random) {
        this.random = random;
    }

    /** The module of a seed. */
    public static Module module(long seed) {
        return new Nonsense(new Random(seed)).module();
    }

    private Module module() {
        for (int index = random.nextInt(3); index > 0; index--) {
            symbols.add(new Dim.Symbol(name(), 1 + random.nextInt(1000)));
        }
        for (int index = 1 + random.nextInt(4); index > 0; index--) {
            Optional<Storage> storage = random.nextBoolean()
                    ? Optional.empty()
                    : Optional.of(new Storage(pick(Layout.values()), pick(Placement.values())));
            weights.add(new Weight(name(), tensor(), source(), storage));
        }
        List<Function> functions = new ArrayList<>();
        for (int index = random.nextInt(3); index > 0; index--) {
            functions.add(function());
        }
        return random.nextBoolean()
                ? new Module(name(), Stage.TENSOR, symbols, weights, functions)
                : new Module(
                        name(),
                        Stage.DISPATCH,
                        random.nextBoolean() ? Optional.empty() : Optional.of(name()),
                        symbols,
                        weights,
                        functions);
    }

    private Function function() {
        values.clear();
        weights.forEach(weight -> values.add(weight.value()));
        List<Value> parameters = new ArrayList<>();
        for (int index = random.nextInt(5); index > 0; index--) {
            parameters.add(Value.local(name(), type()));
        }
        values.addAll(parameters);
        List<Statement> body = new ArrayList<>();
        for (int index = random.nextInt(12); index > 0; index--) {
            List<Value> results = new ArrayList<>();
            for (int result = random.nextInt(4); result > 0; result--) {
                results.add(Value.local(name(), type()));
            }
            body.add(new Statement(results, op(results)));
            values.addAll(results);
        }
        return new Function(name(), parameters, body, random.nextBoolean() ? List.of() : List.of(value(), value()));
    }

    private Weight.Part part() {
        return new Weight.Part(
                name(),
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(new Weight.RowRange(random.nextInt(1000), 1 + random.nextInt(1000))));
    }

    private Weight.Source source() {
        return random.nextInt(4) > 0
                ? new Weight.Source.Tensors(random.nextBoolean() ? List.of() : List.of(part(), part()))
                : new Weight.Source.Rotations(
                        real(),
                        real(),
                        yarn(),
                        magnitude(),
                        random.nextBoolean() ? Optional.empty() : Optional.of(name()));
    }

    private Op op(List<Value> results) {
        return random.nextInt(3) > 0 ? op() : dispatch(results);
    }

    private TensorOp op() {
        return switch (random.nextInt(14)) {
            case 0 -> new TensorOp.Embed(value(), value(), slice());
            case 1 ->
                new TensorOp.RmsNorm(
                        value(), value(), real(), random.nextBoolean() ? TensorOp.Linear.PLAIN : expression(6));
            case 2 -> new TensorOp.MatMul(value(), value());
            case 3, 4, 5 -> new TensorOp.Map(expression(6));
            case 6 -> new TensorOp.Columns(value(), random.nextLong(), random.nextInt());
            case 7 -> new TensorOp.Rope(value(), value(), maybe(), rotation());
            case 8 -> new TensorOp.StateWrite(value(), value(), value());
            case 9 ->
                new TensorOp.Attention(
                        value(),
                        value(),
                        value(),
                        value(),
                        count(),
                        count(),
                        real(),
                        random.nextBoolean() ? Optional.empty() : Optional.of(count()),
                        random.nextBoolean() ? Optional.empty() : Optional.of(real()),
                        random.nextBoolean()
                                ? Optional.empty()
                                : Optional.of(new TensorOp.Attention.Sharpening(count(), real())));
            case 10 -> new TensorOp.ArgMax(value());
            case 11 ->
                new TensorOp.Linear(
                        value(),
                        norm(),
                        value(),
                        random.nextBoolean() ? 1 : count(),
                        random.nextBoolean() ? TensorOp.Linear.PLAIN : expression(6),
                        slice());
            case 12 ->
                new TensorOp.Products(
                        value(), norm().map(each -> new TensorOp.Products.Sum(value(), each)), norm(), products());
            default ->
                new TensorOp.PlaceHeads(
                        heads(),
                        heads(),
                        heads(),
                        value(),
                        value(),
                        value(),
                        maybe(),
                        count(),
                        count(),
                        random.nextBoolean() ? Optional.empty() : Optional.of(rotation()));
        };
    }

    /** An expression of so many operations one in another at most. */
    private Pointwise expression(int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return switch (random.nextInt(4)) {
                case 0 -> new Pointwise.Part(random.nextInt(1000));
                case 1 -> new Pointwise.Constant(real());
                default -> Pointwise.of(value());
            };
        }
        return random.nextInt(4) == 0
                ? new Pointwise.Unary(pick(Pointwise.Function.values()), expression(depth - 1))
                : new Pointwise.Binary(pick(Pointwise.Operator.values()), expression(depth - 1), expression(depth - 1));
    }

    private Dispatch dispatch(List<Value> results) {
        KernelInstance kernel = KernelInstance.of(pick(KERNELS));
        for (int index = random.nextInt(3); index > 0; index--) {
            kernel = random.nextBoolean()
                    ? kernel.with(pick(WORDS), random.nextLong())
                    : kernel.with(pick(WORDS), pick(WORDS));
        }
        List<Binding> bindings = new ArrayList<>();
        for (int index = random.nextInt(4); index > 0; index--) {
            bindings.add(new Binding.Reads(value()));
        }
        for (int number = 0; number < results.size(); number++) {
            bindings.add(random.nextBoolean() ? new Binding.Writes(number) : new Binding.InPlace(value(), number));
        }
        Collections.shuffle(bindings, random);
        List<Grid.Extent> axes = new ArrayList<>();
        for (int index = random.nextInt(4); index > 0; index--) {
            axes.add(new Grid.Extent(dim(), 1 + random.nextInt(3), 1 + random.nextInt(3)));
        }
        return new Dispatch(op(), kernel, bindings, new Grid(axes), List.of());
    }

    private Type type() {
        return random.nextBoolean() ? tensor() : new StateType(tensor());
    }

    private TensorType tensor() {
        List<Dim> shape = new ArrayList<>();
        for (int index = random.nextInt(3); index > 0; index--) {
            shape.add(dim());
        }
        return new TensorType(
                random.nextBoolean() ? pick(Encoding.Scalar.values()) : pick(Encoding.Block.values()), shape);
    }

    private Dim dim() {
        return symbols.isEmpty() || random.nextBoolean()
                ? new Dim.Fixed(1 + random.nextInt(5000))
                : symbols.get(random.nextInt(symbols.size()));
    }

    private Rotation rotation() {
        return new Rotation(
                64, 2 + 2 * random.nextInt(32), real(), real(), pick(Rotation.Pairing.values()), yarn(), magnitude());
    }

    private Optional<Rotation.Yarn> yarn() {
        return random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new Rotation.Yarn(1 + random.nextInt(Integer.MAX_VALUE), real(), real()));
    }

    private float magnitude() {
        return random.nextBoolean() ? 1 : real();
    }

    private TensorOp.PlaceHeads.Part heads() {
        return new TensorOp.PlaceHeads.Part(value(), random.nextBoolean() ? 0 : random.nextLong(), norm());
    }

    private List<TensorOp.Products.Product> products() {
        List<TensorOp.Products.Product> products = new ArrayList<>();
        for (int count = random.nextInt(4); count > 0; count--) {
            products.add(new TensorOp.Products.Product(
                    value(),
                    random.nextBoolean() ? 1 : count(),
                    random.nextBoolean() ? TensorOp.Linear.PLAIN : expression(6)));
        }
        return products;
    }

    private Optional<TensorOp.Linear.Norm> norm() {
        return random.nextBoolean() ? Optional.empty() : Optional.of(new TensorOp.Linear.Norm(value(), real()));
    }

    private Optional<Slice> slice() {
        return random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new Slice(random.nextLong(), random.nextLong(), maybe()));
    }

    private Value value() {
        return values.get(random.nextInt(values.size()));
    }

    private Optional<Value> maybe() {
        return random.nextBoolean() ? Optional.empty() : Optional.of(value());
    }

    private int count() {
        return random.nextInt(Integer.MAX_VALUE);
    }

    private float real() {
        float any = Float.intBitsToFloat(random.nextInt());
        // No text holds what is not finite.
        return Float.isFinite(any) ? any : 0;
    }

    private <T> T pick(T[] constants) {
        return constants[random.nextInt(constants.length)];
    }

    /** A name of its own; one in four of characters that need quotation marks. */
    private String name() {
        StringBuilder name = new StringBuilder();
        int length = random.nextInt(6);
        boolean plain = random.nextInt(4) > 0;
        for (int index = 0; index < length; index++) {
            name.append(plain ? "abz_.-09".charAt(random.nextInt(8)) : (char) random.nextInt(0x10000));
        }
        return name.append(names++).toString();
    }
}
