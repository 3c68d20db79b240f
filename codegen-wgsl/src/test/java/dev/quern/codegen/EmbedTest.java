package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.quern.ir.Encoding;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.plan.DeviceProfile;
import dev.quern.reference.BlockCodec;
import dev.quern.reference.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Rows of tables of every encoding. */
class EmbedTest extends DeviceTest {

    @Property(tries = 60)
    void rowsOfTheTable(
            @ForAll("encodings") Encoding encoding,
            @ForAll @IntRange(min = 1, max = 9) int count,
            @ForAll @IntRange(min = 1, max = 90) int rows,
            @ForAll @IntRange(min = 1, max = 20) int blocks,
            @ForAll @IntRange(max = 7) int quarters,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        int columns = Encodings.columns(encoding, blocks, quarters);
        int[] tokens = random.ints(count, 0, rows).toArray();
        Program program = new Program(count, count == 1 ? 1 : count + 3);
        Value table = program.weight("table", random, encoding, rows, columns);
        program.result(new TensorOp.Embed(program.tokens(tokens), table));
        holds(program, profile, LIMIT);
    }

    /** A token that the table does not have must not read outside of it: it reads the last row, on every device. */
    @Property(tries = 8)
    void aTokenBeyondTheTableReadsItsLastRow(
            @ForAll("encodings") Encoding encoding,
            @ForAll @IntRange(min = 1, max = 90) int rows,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        int columns = Encodings.columns(encoding, 5, 3);
        Program program = new Program(3, 4);
        Value table = program.weight("table", random, encoding, rows, columns);
        Value y = program.result(new TensorOp.Embed(program.tokens(rows, rows + 1000, -1), table));
        Tensor actual = actual(runner().run(program, profile), y.name());
        float[] decoded = BlockCodec.of(encoding).decode(program.bytes("table"));
        float[] last = Arrays.copyOfRange(decoded, (rows - 1) * columns, rows * columns);
        for (int row = 0; row < 3; row++) {
            assertArrayEquals(last, actual.row(row), 1e-5f);
        }
    }

    /** Numbers times powers of two are exact: every code under every scale from 2^-126 up, short of overflow. */
    @Property(generation = GenerationMode.EXHAUSTIVE)
    void scalesOfMxfp4AreExact(@ForAll("offered") DeviceProfile profile) {
        int blocks = 250;
        int codes = 16;
        ByteBuffer bytes = ByteBuffer.allocate(codes * blocks * Encoding.Block.MXFP4.bytes());
        for (int code = 0; code < codes; code++) {
            for (int block = 0; block < blocks; block++) {
                bytes.put((byte) (block + 2));
                for (int pair = 0; pair < 16; pair++) {
                    bytes.put((byte) (code * 0x11));
                }
            }
        }
        int columns = 32 * blocks;
        Program program = new Program(codes, codes);
        Value table = program.weight("table", TensorType.of(Encoding.Block.MXFP4, codes, columns), bytes.flip());
        Value y = program.result(
                new TensorOp.Embed(program.tokens(IntStream.range(0, codes).toArray()), table));
        float[] expected = BlockCodec.of(Encoding.Block.MXFP4).decode(program.bytes("table"));
        assertArrayEquals(
                expected, actual(runner().run(program, profile), y.name()).floats(), Float.MIN_VALUE);
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
