package dev.quern.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.gguf.GgufValue.NumberArray;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The first bytes of a file, and the values that its keys have. */
class ContainerHeaderTest {
    private static GgufFile read(RawFile file) {
        return GgufReader.read(ByteSource.of(file.toBytes()));
    }

    private static void refuses(String message, RawFile file) {
        GgufException refusal = assertThrows(GgufException.class, () -> read(file));
        assertTrue(String.valueOf(refusal.getMessage()).contains(message), refusal.getMessage());
    }

    @Test
    void versionsAreToldApart() {
        assertEquals(2, read(RawFile.header(2, 0, 0)).version());
        assertEquals(3, read(RawFile.header(3, 0, 0)).version());
        refuses("The version is 0, but versions 2 and 3 are supported. The file is damaged.", RawFile.header(0, 0, 0));
        refuses("This is a file of GGUF version 1", RawFile.header(1, 0, 0));
        refuses("The version is 4, but versions 2 and 3 are supported. A newer Quern", RawFile.header(4, 0, 0));
        refuses("is big-endian (its version reads as 50331648)", RawFile.header(3L << 24, 0, 0));
    }

    @Test
    void whatIsNoModelIsNamedForWhatItIs() {
        refuses("gzip", RawFile.empty().bytes(0x1f, 0x8b));
        refuses("but with 1f.", RawFile.empty().bytes(0x1f));
        refuses("but with 1f 8a.", RawFile.empty().bytes(0x1f, 0x8a));
        refuses("zip archive", RawFile.empty().ascii("PK"));
        refuses("Git LFS", RawFile.empty().ascii("version https"));
        refuses("web page", RawFile.empty().ascii("<!DOCTYPE html>"));
        refuses("web page", RawFile.empty().ascii("<html>"));
        refuses("GGML or GGJT", RawFile.empty().ascii("tjgg"));
        refuses("but with 47 47 55 ff.", RawFile.empty().bytes(0x47, 0x47, 0x55, 0xff));
        refuses("but with 47 47 55.", RawFile.empty().ascii("GGU"));
        refuses("The file is empty.", RawFile.empty());
    }

    private static RawFile aligned(long alignment) {
        return RawFile.header(0, 1).key("general.alignment", ValueType.U32).u32(alignment);
    }

    @Test
    void alignmentsArePowersOfTwo() {
        for (long right : new long[] {8, 16, 64, 1 << 20}) {
            GgufFile file = read(aligned(right));
            assertEquals(right, file.alignment());
            assertEquals(0, file.dataStart() % right);
            assertEquals(
                    List.of(),
                    file.warnings().stream()
                            .filter(warning -> warning.message().contains("alignment"))
                            .toList());
        }
        for (long small : new long[] {1, 2, 4}) {
            assertTrue(read(aligned(small))
                    .warnings()
                    .getFirst()
                    .message()
                    .startsWith("The alignment is " + small + "; the format asks for a multiple of 8."));
        }
        for (long wrong : new long[] {0, 12, 24, 1 << 21, 0x8000_0000L}) {
            refuses("must be a power of two from 8 to 1048576, but is " + wrong, aligned(wrong));
        }
    }

    /** Arrays are equal if their types and elements are. */
    @Test
    void arraysAreComparedByWhatTheyHold() {
        NumberArray numbers = NumberArray.ofIntegers(ValueType.I16, 1, -2, 3);
        assertEquals(numbers, NumberArray.ofIntegers(ValueType.I16, 1, -2, 3));
        Set<Object> different = new HashSet<>(List.of(
                numbers,
                NumberArray.ofIntegers(ValueType.I16, 1, -2, 4),
                NumberArray.ofIntegers(ValueType.U16, 1, -2, 3),
                NumberArray.ofIntegers(ValueType.I16, 1, -2),
                GgufValue.StringArray.of("a", "bc"),
                GgufValue.StringArray.of("ab", "c")));
        assertEquals(6, different.size());
        assertTrue(different.contains(NumberArray.ofIntegers(ValueType.I16, 1, -2, 4)));
        assertTrue(different.contains(GgufValue.StringArray.of("ab", "c")));
        assertEquals("array of 3 i16", numbers.toString());
        assertEquals("array of 2 strings", GgufValue.StringArray.of("ab", "c").toString());
        assertEquals(-2, numbers.integerAt(1));
        assertThrows(
                IllegalStateException.class, () -> NumberArray.ofFloats(1, 2).integerAt(1));
        assertThrows(IllegalStateException.class, () -> numbers.floatAt(1));
    }
}
