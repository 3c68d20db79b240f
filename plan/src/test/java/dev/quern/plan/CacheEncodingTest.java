package dev.quern.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CacheEncodingTest {
    @Test
    void aRowIsWholeWords() {
        assertEquals(384, CacheEncoding.F16.rowBytes(192));
        assertEquals(768, CacheEncoding.F32.rowBytes(192));
        assertEquals(204, CacheEncoding.Q8_0.rowBytes(192), "six blocks of 34 bytes");
        assertEquals(36, CacheEncoding.Q8_0.rowBytes(32), "a block of 34 bytes, and two more");
        assertEquals(104, CacheEncoding.Q8_0.rowBytes(96));
        assertEquals(1088, CacheEncoding.Q8_0.rowBytes(1024));
    }

    @Test
    void namesAreThoseOfEncodings() {
        assertEquals(List.of("f16", "f32", "q8_0"), CacheEncoding.names());
        assertEquals("f16, f32 or q8_0", CacheEncoding.choice());
        assertEquals(Optional.of(CacheEncoding.Q8_0), CacheEncoding.named("q8_0"));
        assertEquals(Optional.empty(), CacheEncoding.named("q4_0"));
    }

    @Test
    void rangesEndWhereTheirHalvesDo() {
        assertEquals(OptionalLong.of(65_504), CacheEncoding.F16.largest());
        assertEquals(OptionalLong.empty(), CacheEncoding.F32.largest());
        assertEquals(OptionalLong.of(127 * 65_504), CacheEncoding.Q8_0.largest());
    }
}
