package dev.quern.codegen;

import dev.quern.ir.Encoding;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.Products;
import dev.quern.ir.Value;
import dev.quern.plan.DeviceProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** Products of one input side by side, with weights of any encodings. */
class ProductsTest extends DeviceTest {
    /** Fewer may all be so negative that what is left of the products is smaller than the error of any of them. */
    private static final int FEWEST_GATES = 12;

    /** Every encoding beside another or between two, on each profile, for one token and for many. */
    @Property(generation = GenerationMode.EXHAUSTIVE, shrinking = ShrinkingMode.OFF)
    void everyEncodingBesideOthers(
            @ForAll("encodings") Encoding encoding, @ForAll boolean many, @ForAll("offered") DeviceProfile profile) {
        Random random = new Random(encoding.elements());
        boolean three = many == (Encodings.ALL.indexOf(encoding) % 2 == 0);
        // What serves every encoding: whole superblocks.
        Program program = new Program(many ? 6 : 1, many ? 8 : 1);
        Value x = program.input("x", random, 512);
        List<Encoding> encodings = three
                ? List.of(Encoding.Block.Q4_K, encoding, Encoding.Block.Q6_K)
                : List.of(encoding, Encoding.Block.Q6_K);
        List<Products.Product> products = new ArrayList<>();
        for (int number = 0; number < encodings.size(); number++) {
            Value weight = program.weight("weight" + number, random, encodings.get(number), 40 - 9 * number, 512);
            products.add(new Products.Product(weight, 1, Linear.PLAIN));
        }
        Optional<Linear.Norm> norm =
                Optional.of(new Linear.Norm(program.vector("gain", Program.gaussian(random, 512)), 1e-5f));
        program.results(names(encodings.size()), new Products(x, norm, products));
        holds(program, profile, LIMIT);
    }

    /** Any number of them, each with a finish of its own. */
    @Property(tries = 40)
    void anyProducts(
            @ForAll("encodings") Encoding first,
            @ForAll("encodings") Encoding second,
            @ForAll @IntRange(min = 1, max = 3) int count,
            @ForAll boolean normed,
            @ForAll Finishes finish,
            @ForAll @IntRange(min = 1, max = 9) int tokens,
            @ForAll @IntRange(min = 1, max = 150) int rows,
            @ForAll @IntRange(min = 1, max = 3) int blocks,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        int unit = Math.max(32, Math.max(first.elements(), second.elements()));
        Program program = new Program(tokens, tokens == 1 ? 1 : Math.ceilDiv(tokens, 4) * 4);
        Value x = program.input("x", random, blocks * unit);
        List<Products.Product> products = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            // Finishes take turns; two of them at most read an activation.
            Finishes own = number == 1 ? Finishes.STORE : finish;
            int ownRows = Math.max(own.parts() == 1 ? 1 : FEWEST_GATES, number == 0 ? rows : 1 + random.nextInt(150));
            Value weight = program.weight(
                    "weight" + number, random, number == 1 ? second : first, own.parts() * ownRows, blocks * unit);
            Value residual = own.adds() ? program.input("residual" + number, random, ownRows) : x;
            Value bias = own.biases() ? program.vector("bias" + number, Program.gaussian(random, ownRows)) : weight;
            products.add(new Products.Product(weight, own.parts(), own.of(residual, bias)));
        }
        Optional<Linear.Norm> norm = normed
                ? Optional.of(new Linear.Norm(program.vector("gain", Program.gaussian(random, blocks * unit)), 1e-5f))
                : Optional.empty();
        program.results(names(count), new Products(x, norm, products));
        holds(program, profile, LIMIT);
    }

    /** Products of a residual and a row that is normalised on the way; the sum is a result too. */
    @Property(tries = 40)
    void productsOfASum(
            @ForAll("encodings") Encoding first,
            @ForAll("encodings") Encoding second,
            @ForAll @IntRange(min = 1, max = 2) int count,
            @ForAll boolean normed,
            @ForAll boolean gated,
            @ForAll @IntRange(min = 1, max = 150) int rows,
            @ForAll @IntRange(min = 1, max = 20) int blocks,
            @ForAll @IntRange(max = 7) int quarters,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        int outputs = gated ? Math.max(rows, FEWEST_GATES) : rows;
        Encoding widest = count == 1 || first.elements() > second.elements() ? first : second;
        int columns = Encodings.columns(widest, blocks, quarters);
        Program program = new Program(1, 1);
        Value x = program.input("x", random, columns);
        Products.Sum sum = new Products.Sum(
                program.input("residual", random, columns),
                new Linear.Norm(program.vector("post", Program.gaussian(random, columns)), 1e-6f));
        List<Products.Product> products = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            Finishes own = gated && number == 0 ? Finishes.GEGLU : Finishes.STORE;
            Value weight = program.weight(
                    "weight" + number, random, number == 0 ? first : second, own.parts() * outputs, columns);
            products.add(new Products.Product(weight, own.parts(), own.of(x, weight)));
        }
        Optional<Linear.Norm> norm = normed
                ? Optional.of(new Linear.Norm(program.vector("gain", Program.gaussian(random, columns)), 1e-5f))
                : Optional.empty();
        program.results("sum " + names(count), new Products(x, Optional.of(sum), norm, products));
        holds(program, profile, LIMIT);
    }

    /** So many rows that workgroups of GPUs serve eight tiles; the last of each product in part. */
    @Property(generation = GenerationMode.EXHAUSTIVE, shrinking = ShrinkingMode.OFF)
    void manyRows(@ForAll boolean summed) {
        Random random = new Random(40);
        Program program = new Program(1, 1);
        Value x = program.input("x", random, 256);
        Value gain = program.vector("gain", Program.gaussian(random, 256));
        List<Products.Product> products = new ArrayList<>();
        products.add(new Products.Product(
                program.weight("weight0", random, Encoding.Block.Q4_K, 16400, 256), 2, Finishes.GEGLU.of(x, gain)));
        products.add(new Products.Product(
                program.weight("weight1", random, Encoding.Block.Q6_K, 43, 256), 1, Finishes.STORE.of(x, gain)));
        Optional<Linear.Norm> norm = Optional.of(new Linear.Norm(gain, 1e-5f));
        if (summed) {
            Products.Sum sum = new Products.Sum(
                    program.input("residual", random, 256),
                    new Linear.Norm(program.vector("post", Program.gaussian(random, 256)), 1e-6f));
            program.results("sum " + names(2), new Products(x, Optional.of(sum), norm, products));
        } else {
            program.results(names(2), new Products(x, norm, products));
        }
        holds(program, DeviceProfile.PORTABLE, LIMIT);
    }

    private static String names(int count) {
        return String.join(
                " ", IntStream.range(0, count).mapToObj(number -> "y" + number).toList());
    }

    @Provide
    static Arbitrary<DeviceProfile> offered() {
        return Arbitraries.of(DeviceProfile.ALL);
    }

    @Provide
    static Arbitrary<Encoding> encodings() {
        return Arbitraries.of(Encodings.ALL);
    }
}
