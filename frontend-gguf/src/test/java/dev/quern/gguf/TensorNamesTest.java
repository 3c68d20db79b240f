package dev.quern.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other readers keep a tensor's name in 64 bytes, the last of them zero. Bytes are counted, not characters. */
class TensorNamesTest {
    private static final String AE = "\u00e4";

    @ParameterizedTest
    @ValueSource(strings = {"n", "blk.0.attn_q.weight", AE})
    void aNameOf63BytesIsReadAndOneOf64IsNot(String beginning) {
        int bytes = beginning.getBytes(StandardCharsets.UTF_8).length;
        String longest = beginning + "n".repeat(63 - bytes);
        GgufFile file = read(longest);
        assertEquals(
                List.of(longest), file.tensors().stream().map(GgufTensor::name).toList());
        assertEquals(longest, file.requireTensor(longest).name());
        GgufException refused = assertThrows(GgufException.class, () -> read(longest + "n"));
        assertEquals(1, refused.findings().size());
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.startsWith("offset 24: The tensor name "), message);
        assertTrue(message.endsWith(" has 64 bytes, but 63 is the limit."), message);
    }

    /** 62 characters, of which one is two bytes: 63 bytes; one more of those is too much. */
    @Test
    void charactersOfSeveralBytesCountAsSo() {
        assertEquals(1, read(AE.repeat(31) + "n").tensors().size());
        assertThrows(GgufException.class, () -> read(AE.repeat(32)));
    }

    private static GgufFile read(String name) {
        return GgufReader.read(ByteSource.of(RawFile.header(1, 0)
                .tensor(name, GgufTensorType.F32.id(), 0, 8)
                .align(32)
                .zeros(32)
                .toBytes()));
    }
}
