package dev.quern.cli.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentRangeTest {
    @Test
    void startEndAndTotal() {
        assertEquals(
                Optional.of(new ContentRange(100, 300, OptionalLong.of(300))), ContentRange.parse("bytes 100-299/300"));
        assertEquals(Optional.of(new ContentRange(0, 1, OptionalLong.empty())), ContentRange.parse(" bytes 0-0/* "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes 100-/300",
                "bytes -299/300",
                "bytes 300-299/300",
                "bytes 100-300/300",
                "bytes 100-299/",
                "bytes 1x-299/300",
                "items 100-299/300",
                "bytes */300",
                "bytes 99999999999999999999-99999999999999999999/*"
            })
    void whatIsNoRange(String header) {
        assertEquals(Optional.empty(), ContentRange.parse(header));
    }
}
