package dev.quern.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.text.Utf8;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The parts that read and check a container, each by itself. */
class ContainerPartsTest {
    /** Numbers and bytes in any order and of any size come as they stand, and no source is asked beyond its end. */
    @Property(tries = 100)
    void aCursorReadsWhatStandsThere(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[random.nextInt(300_000)];
        random.nextBytes(bytes);
        int[] reads = new int[1];
        Cursor cursor = new Cursor(new ByteSource() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public void read(long offset, byte[] target, int start, int length) {
                assertTrue(offset >= 0 && length > 0 && offset + length <= bytes.length);
                reads[0]++;
                System.arraycopy(bytes, (int) offset, target, start, length);
            }
        });
        int at = 0;
        while (true) {
            assertEquals(at, cursor.position());
            assertEquals(bytes.length - at, cursor.remaining());
            int width = random.nextInt(4) == 0 ? random.nextInt(100_000) : 1 + random.nextInt(8);
            if (width > bytes.length - at) {
                int position = at;
                GgufException end =
                        assertThrows(GgufException.class, () -> cursor.bytes(new byte[width], 0, width, "a thing"));
                assertTrue(
                        String.valueOf(end.getMessage())
                                .startsWith("offset " + position + ": The file ends within a thing: " + width
                                        + " bytes are needed, " + (bytes.length - position) + " are left."),
                        end.getMessage());
                break;
            }
            if (width >= 1 && width <= 8) {
                long expected = 0;
                for (int index = width - 1; index >= 0; index--) {
                    expected = expected << 8 | (bytes[at + index] & 0xff);
                }
                long found = switch (width) {
                    case 1 -> cursor.u8("one");
                    case 4 -> cursor.u32("four");
                    case 8 -> cursor.u64("eight");
                    default -> cursor.integer(width, "some");
                };
                assertEquals(expected, found);
            } else {
                byte[] target = new byte[width + 3];
                cursor.bytes(target, 2, width, "many");
                assertArrayEquals(Arrays.copyOfRange(bytes, at, at + width), Arrays.copyOfRange(target, 2, 2 + width));
                assertEquals(0, target[0] | target[1] | target[width + 2]);
            }
            at += width;
        }
        assertTrue(reads[0] <= 2 + bytes.length / 20_000, reads[0] + " reads of " + bytes.length + " bytes");
    }

    @Test
    void aSourceThatFailsIsNamedWithItsPlace() {
        Cursor cursor = new Cursor(new ByteSource() {
            @Override
            public long size() {
                return 8;
            }

            @Override
            public void read(long offset, byte[] target, int start, int length) throws IOException {
                throw new IOException("the disk is gone");
            }
        });
        GgufException failed = assertThrows(GgufException.class, () -> cursor.u32("a number"));
        assertEquals("offset 0: Reading 8 bytes failed: the disk is gone", failed.getMessage());
    }

    /** What the platform's strict decoder says of random bytes, of every kind of sequence and its neighbours. */
    @Property(tries = 300)
    void utf8IsAsThePlatformHasIt(@ForAll long seed) {
        Random random = new Random(seed);
        int[] edges = {
            0, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef,
            0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff
        };
        for (int tries = 0; tries < 20; tries++) {
            byte[] bytes = new byte[random.nextInt(7)];
            for (int index = 0; index < bytes.length; index++) {
                bytes[index] = (byte) edges[random.nextInt(edges.length)];
            }
            assertEquals(decodes(bytes), Utf8.isValid(bytes, 0, bytes.length), Arrays.toString(bytes));
            byte[] framed = new byte[bytes.length + 2];
            Arrays.fill(framed, (byte) 0xff);
            System.arraycopy(bytes, 0, framed, 1, bytes.length);
            assertEquals(decodes(bytes), Utf8.isValid(framed, 1, bytes.length));
        }
    }

    private static boolean decodes(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .limit()
                    >= 0;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }

    @Test
    void everyCharacterIsUtf8() {
        for (int code : new int[] {0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff}) {
            byte[] bytes = Character.toString(code).getBytes(StandardCharsets.UTF_8);
            assertTrue(Utf8.isValid(bytes, 0, bytes.length));
            assertFalse(Utf8.isValid(bytes, 0, bytes.length - 1) && bytes.length > 1, "cut short");
        }
    }

    @Test
    void textFromAFileSteersNoTerminal() {
        assertEquals("'\\n\\r\\t\\\\\\''", Quote.of("\n\r\t\\'"));
        assertEquals(
                "'\\u{0}\\u{1B}\\u{1F} ~\\u{7F}\\u{80}\\u{9F}\u00a0'",
                Quote.of("\0\u001b\u001f ~\u007f\u0080\u009f\u00a0"));
        assertEquals("'" + "a".repeat(80) + "'", Quote.of("a".repeat(80)));
        assertEquals("'" + "a".repeat(80) + "'… (81 characters)", Quote.of("a".repeat(81)));
    }

    @Test
    void aBudgetIsSpentToItsLastByteAndNoFurther() {
        MemoryBudget budget = new MemoryBudget(2 << 20);
        budget.charge((2 << 20) - 10, "here");
        budget.charge(10, "here");
        budget.charge(0, "here");
        GgufException over = assertThrows(GgufException.class, () -> budget.charge(1, "there"));
        assertTrue(String.valueOf(over.getMessage()).startsWith("there: The metadata needs more than 2 MiB of memory"));
        assertThrows(GgufException.class, () -> new MemoryBudget(10).charge(-1, "there"));
    }

    @Test
    void writtenBytesGrowAndAreAligned() {
        LittleEndianWriter writer = new LittleEndianWriter();
        writer.integer(0x0102_0304_0506L, 6);
        writer.align(8);
        assertArrayEquals(new byte[] {6, 5, 4, 3, 2, 1, 0, 0}, writer.toBytes());
        writer.align(8);
        assertEquals(8, writer.size());
        byte[] many = new byte[1000];
        Arrays.fill(many, (byte) 7);
        writer.bytes(many);
        writer.string("ab");
        assertEquals(8 + 1000 + 8 + 2, writer.size());
        assertEquals(7, writer.toBytes()[1007]);
        assertEquals(2, writer.toBytes()[1008]);
    }

    @Test
    void findingsAreListedUpToTheirLimits() {
        Findings findings = new Findings();
        for (int count = 0; count < Findings.MOST_WARNINGS + 5; count++) {
            findings.warning("w", "odd");
        }
        assertEquals(Findings.MOST_WARNINGS + 1, findings.warnings().size());
        assertEquals(
                "file: There are more warnings; they are not listed.",
                findings.warnings().getLast().toString());
        assertFalse(findings.hasErrors());
        findings.throwIfErrors();
        for (int count = 1; count < Findings.MOST_ERRORS; count++) {
            findings.error("e", "wrong");
        }
        assertTrue(findings.hasErrors());
        GgufException all = assertThrows(GgufException.class, findings::throwIfErrors);
        assertEquals("e: wrong (and 48 more)", all.getMessage());
        GgufException last = assertThrows(
                GgufException.class,
                () -> findings.attempt(() -> {
                    findings.error("e", "wrong");
                    return 1;
                }));
        assertTrue(last.findings().getLast().message().startsWith("There are 50 errors or more"));
        assertEquals(1, new Findings().attempt(() -> 1).orElseThrow());
        Findings others = new Findings();
        assertTrue(others.attempt(() -> {
                    throw new GgufException("x", "wrong");
                })
                .isEmpty());
        assertEquals(
                List.of("x: wrong"),
                others.list().stream().map(Finding::toString).toList());
    }

    /** Tensors side by side, with a gap, over one another, and up to the file's last byte. */
    @Test
    void tensorsLieApartWithinTheFile() {
        assertEquals(
                List.of("offset 160, tensor 't1': 32 bytes lie unused between tensor 't0' and it."),
                layout(320, 0, 64, 96, 160));
        assertEquals(
                List.of("offset 160, tensor 't1': The data overlaps with that of tensor 't0', which ends at offset"
                        + " 161."),
                layout(320, 0, 97, 96, 160));
        assertEquals(List.of(), layout(320, 0, 96, 96, 160), "they may touch");
        assertEquals(List.of(), layout(320, 0, 65, 96, 160), "padding is no gap");
        assertEquals(List.of("offset 320: 1 bytes follow after the end of tensor 't1'."), layout(321, 0, 96, 96, 160));
        assertEquals(1, layout(319, 0, 96, 96, 160).size(), "the last byte is missing");
        assertEquals(List.of(), layout(320, 96, 160, 0, 96), "in any order");
    }

    /** What is said of two tensors in a file whose data begins at 64: offsets and sizes in turn. */
    private static List<String> layout(long fileSize, long... places) {
        Findings findings = new Findings();
        List<TensorEntry> entries = new ArrayList<>();
        for (int index = 0; index < places.length; index += 2) {
            entries.add(new TensorEntry(
                    "t" + index / 2, 10, GgufTensorType.F32, List.of(1L), places[index + 1], places[index]));
        }
        new TensorLayout(64, 32, fileSize, findings).place(entries, 60);
        return findings.list().stream().map(Finding::toString).toList();
    }

    @Test
    void partsOfATensorAreReadWithinIt() throws IOException {
        GgufFile file = GgufReader.read(ByteSource.of(new GgufWriter()
                .tensor("a", GgufTensorType.F32, List.of(2L), new byte[] {1, 2, 3, 4, 5, 6, 7, 8})
                .toBytes()));
        GgufTensor tensor = file.requireTensor("a");
        byte[] target = new byte[8];
        file.read(tensor, 0, target, 0, 8);
        assertEquals(8, target[7]);
        file.read(tensor, 8, target, 0, 0);
        file.read(tensor, 7, target, 0, 1);
        assertEquals(8, target[0]);
        for (long[] wrong : new long[][] {{-1, 1}, {0, -1}, {9, 0}, {8, 1}, {1, 8}}) {
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> file.read(tensor, wrong[0], new byte[16], 0, (int) wrong[1]));
        }
        assertThrows(GgufException.class, () -> file.requireTensor("b"));
        assertTrue(file.tensor("b").isEmpty());
        assertEquals(32, file.alignment());
        assertEquals(0, file.dataStart() % 32);
    }
}
