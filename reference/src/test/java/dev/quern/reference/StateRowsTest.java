package dev.quern.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.ir.Encoding;
import dev.quern.ir.StateType;
import dev.quern.ir.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateRowsTest {
    private static StateType state(Encoding encoding, long rows, long columns) {
        return new StateType(TensorType.of(encoding, rows, columns));
    }

    private static float[] rounded(Encoding encoding, int count) {
        Random random = new Random(count);
        float[] elements = new float[count];
        for (int index = 0; index < count; index++) {
            elements[index] = (float) random.nextGaussian();
        }
        return BlockEncoder.of(encoding).round(elements);
    }

    /** Bytes of the elements in order, then the scales in order, then what fills the last word. */
    @Test
    void aRowHasItsBytesFirst() {
        StateType type = state(Encoding.Block.Q8_0, 2, 96);
        float[] elements = new float[192];
        for (int block = 0; block < 6; block++) {
            elements[32 * block] = 127 * (block + 1);
            elements[32 * block + 1] = -2 * (block + 1);
        }
        byte[] rows = StateRows.encode(type, elements);
        assertEquals(2 * 104, rows.length);
        assertEquals(type.maxBytes(), rows.length);
        ByteBuffer view = ByteBuffer.wrap(rows).order(ByteOrder.LITTLE_ENDIAN);
        for (int block = 0; block < 6; block++) {
            int row = block / 3 * 104;
            assertEquals(127, rows[row + block % 3 * 32]);
            assertEquals(-2, rows[row + block % 3 * 32 + 1]);
            assertEquals(block + 1, Float.float16ToFloat(view.getShort(row + 96 + block % 3 * 2)));
        }
        assertEquals(0, view.getShort(102));
        assertArrayEquals(elements, StateRows.decode(type, ByteBuffer.wrap(rows)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"f16", "f32", "q8_0"})
    void whatIsDecodedIsWhatWasEncoded(String name) {
        Encoding encoding = Encoding.named(name).orElseThrow();
        for (int columns : new int[] {32, 64, 160}) {
            StateType type = state(encoding, 5, columns);
            float[] elements = rounded(encoding, 5 * columns);
            byte[] rows = StateRows.encode(type, elements);
            assertEquals(type.maxBytes(), rows.length, () -> type.toString());
            assertArrayEquals(elements, StateRows.decode(type, ByteBuffer.wrap(rows)), () -> type.toString());
        }
    }
}
