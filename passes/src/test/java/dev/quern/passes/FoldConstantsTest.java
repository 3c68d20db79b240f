package dev.quern.passes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.ir.Module;
import dev.quern.ir.Pointwise;
import dev.quern.ir.TensorOp;
import dev.quern.ir.text.read.Reader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldConstantsTest {
    /** As decimal numbers: the smallest normal float and the largest subnormal one. */
    private static final String NORMAL = "1.17549435E-38";

    private static final String SUBNORMAL = "1.1754942E-38";

    /**
     * A device may take a subnormal constant for zero, and an infinite one gives what the two factors did not. So two
     * scales are joined where the product of their factors is a normal number, up to the last one at either end, and
     * nowhere else.
     */
    @ParameterizedTest
    @CsvSource({
        "2, 3, 6",
        "-2, 0.25, -0.5",
        NORMAL + ", 1, " + NORMAL,
        NORMAL + ", -1, -" + NORMAL,
        "2.3509887E-38, 0.5, " + NORMAL,
        "1.7014117E38, 2, 3.4028235E38",
        "-1.7014117E38, 2, -3.4028235E38",
    })
    void scalesAreJoinedWhereTheProductIsNormal(String first, String second, float product) {
        Module module = scales(first, second);
        PassReport report = new PassReport();
        TensorOp.Map last = maps(new FoldConstants().run(module, report)).getLast();
        assertEquals(product, factor(last));
        assertEquals("[%x]", last.operands().toString());
    }

    @ParameterizedTest
    @CsvSource({
        // Subnormal products.
        "1.0E-30, 1.0E-10, 1.0E-40",
        "2.3509884E-38, 0.5, " + SUBNORMAL,
        "1.0E-22, -1.0E-23, -1.0E-45",
        // A product of zero: too small for any float, or by a factor of zero.
        "1.0E-30, 1.0E-30, 0.0",
        "0, 2, 0.0",
        // Products that are infinite.
        "3.0E38, 2, Infinity",
        "-3.0E38, 2, -Infinity",
    })
    void scalesWhoseProductIsNoNormalNumberStayApart(String first, String second, String product) {
        Module module = scales(first, second);
        PassReport report = new PassReport();
        assertEquals(module, new FoldConstants().run(module, report));
        assertEquals(
                List.of("fold-constants: @f, %b: The product of the factors, " + Float.parseFloat(product)
                        + ", is no normal number."),
                report.notes().stream().map(PassReport.Note::toString).toList());
    }

    /** The factor of the second scale may be 1 after all; then it goes away and nothing is joined. */
    @Test
    void aScaleByOneGoesAwayWhateverStandsBeforeIt() {
        Module after = new FoldConstants().run(scales("1.0E-40", "1"));
        assertEquals(
                List.of(1.0E-40f),
                maps(after).stream().map(FoldConstantsTest::factor).toList());
        assertEquals("%a", after.functions().getFirst().results().getFirst().toString());
    }

    private static List<TensorOp.Map> maps(Module module) {
        return module.functions().getFirst().body().stream()
                .map(statement -> (TensorOp.Map) statement.op())
                .toList();
    }

    private static float factor(TensorOp.Map map) {
        return ((Pointwise.Constant) map.expression().leaves().getFirst()).value();
    }

    private static Module scales(String first, String second) {
        return Reader.readVerified("m.qir", """
            module "m" at tensor

            func @f(%%x: f32[1, 8]) -> f32[1, 8] {
              %%a = map (%s * %%x) : f32[1, 8]
              %%b = map (%s * %%a) : f32[1, 8]
              return %%b
            }
            """.formatted(first, second));
    }

    /** Columns of columns, not at the beginning, and of less than all. */
    @ParameterizedTest
    @CsvSource({"0, 4", "1, 3", "0, 3", "3, 1"})
    void columnsAreTakenOfTheWhole(int start, int extent) {
        Module after = new FoldConstants().run(Reader.readVerified("m.qir", """
            module "m" at tensor

            func @f(%%x: f32[2, 8]) -> f32[2, %2$d] {
              %%a = columns %%x {start = 2, extent = 4} : f32[2, 4]
              %%b = columns %%a {start = %1$d, extent = %2$d} : f32[2, %2$d]
              return %%b
            }
            """.formatted(start, extent)));
        boolean all = extent == 4;
        assertEquals(all ? 1 : 2, after.functions().getFirst().body().size());
        assertEquals(
                all
                        ? "Columns[x=%x, start=2, extent=4]"
                        : "Columns[x=%x, start=" + (2 + start) + ", extent=" + extent + "]",
                after.functions().getFirst().body().getLast().op().toString());
    }
}
