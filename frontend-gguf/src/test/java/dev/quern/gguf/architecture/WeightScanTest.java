package dev.quern.gguf.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufWriter;
import dev.quern.gguf.SmallModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All data of a file is read once, and the first bad number of each tensor told. */
class WeightScanTest {
    /** More than a piece, and no whole number of them. */
    private static final int MANY = (1 << 18) + 77;

    private static byte[] floats(int count, int... notNumbers) {
        ByteBuffer data = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int at : notNumbers) {
            data.putFloat(4 * at, Float.NaN);
        }
        return data.array();
    }

    private static List<Finding> scan(GgufWriter writer) {
        var findings = new Findings();
        new WeightScan(GgufReader.read(ByteSource.of(writer.toBytes())), findings).run();
        return findings.list();
    }

    private static void assertSaid(List<Finding> findings, Finding.Severity severity, String tensor, int element) {
        assertEquals(1, findings.size(), findings.toString());
        Finding finding = findings.getFirst();
        assertEquals(severity, finding.severity());
        assertTrue(finding.where().endsWith("tensor '" + tensor + "'"), finding.where());
        assertTrue(finding.message().startsWith("Element " + element + " is NaN"), finding.message());
    }

    @Test
    void aGoodModelHasNothingToTell() {
        assertEquals(List.of(), scan(SmallModels.llama()));
    }

    @Test
    void aBadWeightOfTheModelIsAnError() {
        assertSaid(
                scan(SmallModels.llama()
                        .tensor("output_norm.weight", GgufTensorType.F32, List.of(64L), floats(64, 9, 11))),
                Finding.Severity.ERROR,
                "output_norm.weight",
                9);
    }

    @Test
    void whatTheModelDoesNotUseDoesNoHarm() {
        List<Finding> findings =
                scan(SmallModels.llama().tensor("spare", GgufTensorType.F32, List.of(8L), floats(8, 7)));
        assertSaid(findings, Finding.Severity.WARNING, "spare", 7);
        assertTrue(findings.getFirst().message().endsWith(" This model does not use the tensor."));
    }

    /** Which tensors a model uses is not known where it cannot be built: all of them might be. */
    @Test
    void ofAModelThatCannotBeBuiltEveryWeightMightBeUsed() {
        assertSaid(
                scan(new GgufWriter().tensor("spare", GgufTensorType.F32, List.of(8L), floats(8, 7))),
                Finding.Severity.ERROR,
                "spare",
                7);
    }

    @Test
    void largeTensorsAreReadInPieces() {
        for (int element : new int[] {0, (1 << 18) - 1, 1 << 18, MANY - 1}) {
            assertSaid(
                    scan(new GgufWriter()
                            .tensor("large", GgufTensorType.F32, List.of((long) MANY), floats(MANY, element))),
                    Finding.Severity.ERROR,
                    "large",
                    element);
        }
        assertEquals(
                List.of(),
                scan(new GgufWriter().tensor("large", GgufTensorType.F32, List.of((long) MANY), floats(MANY))));
    }

    /** Pieces end with a block, also where blocks have an odd number of bytes. */
    @Test
    void noBlockIsDivided() {
        int blocks = 70_000;
        byte[] data = new byte[17 * blocks];
        for (int block = 0; block < blocks; block++) {
            // Ones wherever an exponent would be looked for if a piece ended within a block.
            Arrays.fill(data, 17 * block + 1, 17 * block + 17, (byte) 0xff);
        }
        assertEquals(
                List.of(), scan(new GgufWriter().tensor("codes", GgufTensorType.MXFP4, List.of(32L * blocks), data)));
    }

    @Test
    void aFileThatCannotBeReadIsNamedWithTheTensor() {
        byte[] bytes = new GgufWriter()
                .tensor("large", GgufTensorType.F32, List.of(8L), floats(8))
                .toBytes();
        ByteSource whole = ByteSource.of(bytes);
        boolean[] gone = new boolean[1];
        var source = new ByteSource() {
            @Override
            public long size() {
                return whole.size();
            }

            @Override
            public void read(long offset, byte[] target, int start, int length) throws IOException {
                if (gone[0]) {
                    throw new IOException("the disk is gone");
                }
                whole.read(offset, target, start, length);
            }
        };
        var file = GgufReader.read(source);
        gone[0] = true;
        var failure = assertThrows(GgufException.class, () -> new WeightScan(file, new Findings()).run());
        assertTrue(
                String.valueOf(failure.getMessage())
                        .endsWith(", tensor 'large': Reading the data failed: the disk is gone"),
                failure.getMessage());
    }
}
