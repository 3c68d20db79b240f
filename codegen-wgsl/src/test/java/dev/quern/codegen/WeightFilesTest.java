package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.WeightSpec;
import dev.quern.plan.WeightSpec.Segment;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WeightFilesTest {
    private static final long FILE = WeightFiles.FILE_BYTES;
    private static final long TEXTURE_ROW = (long) WeightSpec.TEXTURE_WIDTH * WeightSpec.TEXEL_BYTES;

    private final WeightFiles files = new WeightFiles();

    @Test
    void whatFollowsTheEndOfAFileLiesInTheNext() {
        files.endFile();
        assertEquals(List.of(new Segment(0, 0, 16)), files.place(16));
        files.endFile();
        files.endFile();
        assertEquals(List.of(new Segment(1, 0, 16)), files.place(16));
    }

    @Test
    void everyWeightBeginsAtAMultipleOf256() {
        assertEquals(List.of(new Segment(0, 0, 16)), files.place(16));
        assertEquals(List.of(new Segment(0, 256, 1008)), files.place(1008));
        assertEquals(List.of(new Segment(0, 1280, 256)), files.place(256));
        assertEquals(List.of(new Segment(0, 1536, 16)), files.place(16));
    }

    @Test
    void aFileIsFilledToItsLastByte() {
        assertEquals(List.of(new Segment(0, 0, FILE - 256)), files.place(FILE - 256));
        assertEquals(List.of(new Segment(0, FILE - 256, 256)), files.place(256));
        assertEquals(List.of(new Segment(1, 0, 16)), files.place(16));
    }

    @Test
    void aWeightThatGoesOnInTheNextFileIsDividedAtARowOfTheTexture() {
        files.place(FILE - 2 * TEXTURE_ROW - 512);
        assertEquals(
                List.of(
                        new Segment(0, FILE - 2 * TEXTURE_ROW - 512, 2 * TEXTURE_ROW),
                        new Segment(1, 0, FILE),
                        new Segment(2, 0, 16)),
                files.place(2 * TEXTURE_ROW + FILE + 16));
        assertEquals(List.of(new Segment(2, 256, 16)), files.place(16));
    }

    @Test
    void aRestThatHoldsNoRowOfTheTextureStaysEmpty() {
        files.place(FILE - TEXTURE_ROW + 256);
        assertEquals(List.of(new Segment(1, 0, TEXTURE_ROW)), files.place(TEXTURE_ROW));
    }

    /** What the plan's verifier asks of segments, and that no byte of a file is given twice. */
    @Property(tries = 200)
    void segmentsFollowEachOtherAndHoldTheWholeWeight(
            @ForAll @Size(min = 1, max = 12) List<@LongRange(min = 1, max = 1L << 24) Long> texels) {
        WeightFiles each = new WeightFiles();
        int file = 0;
        long end = 0;
        for (long count : texels) {
            long bytes = count * WeightSpec.TEXEL_BYTES;
            long held = 0;
            List<Segment> segments = each.place(bytes);
            for (Segment segment : segments) {
                assertEquals(0, segment.offset() % 256);
                assertTrue(segment.bytes() > 0 && segment.offset() + segment.bytes() <= FILE, segment.toString());
                boolean next = segment.file() == file + 1 && segment.offset() == 0;
                assertTrue(next || (segment.file() == file && segment.offset() >= end), segment.toString());
                held += segment.bytes();
                assertTrue(held == bytes || segment.bytes() % TEXTURE_ROW == 0, segment.toString());
                file = segment.file();
                end = segment.offset() + segment.bytes();
            }
            assertEquals(bytes, held);
        }
    }
}
