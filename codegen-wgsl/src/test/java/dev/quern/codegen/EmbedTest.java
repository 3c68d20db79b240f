package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.quern.ir.Encoding;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import dev.quern.plan.DeviceProfile;
import dev.quern.reference.BlockCodec;
import dev.quern.reference.Tensor;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Rows of tables of every encoding. */
class EmbedTest extends DeviceTest {

    @Property(tries = 32)
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

    @Provide
    static Arbitrary<Encoding> encodings() {
        return Arbitraries.of(Encodings.ALL);
    }
}
