package dev.quern.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The first bytes of a file, and where its tensors may begin. */
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
}
