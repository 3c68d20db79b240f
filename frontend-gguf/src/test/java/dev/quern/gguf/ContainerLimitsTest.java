package dev.quern.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sizes: large where they may be, small where a file lies about them. */
class ContainerLimitsTest {
    private static final long GIB = 1L << 30;

    /** A source that begins with the given bytes and goes on with zeros. */
    private record Sparse(RawFile head, long size) implements ByteSource {
        @Override
        public void read(long offset, byte[] target, int start, int length) throws IOException {
            byte[] bytes = head.toBytes();
            Arrays.fill(target, start, start + length, (byte) 0);
            if (offset < bytes.length) {
                int copied = (int) Math.min(length, bytes.length - offset);
                System.arraycopy(bytes, (int) offset, target, start, copied);
            }
        }
    }

    @Test
    void tensorsMayLieBeyondTheReachOfAnInt() throws IOException {
        RawFile head = RawFile.header(2, 0)
                .tensor("large", GgufTensorType.F32.id(), 0, 1 << 20, 1 << 10)
                .tensor("last", GgufTensorType.F32.id(), 4 * GIB, 8)
                .align(32);
        long dataStart = head.toBytes().length;
        GgufFile file = GgufReader.read(new Sparse(head, dataStart + 4 * GIB + 32));
        assertEquals(4 * GIB, file.requireTensor("large").bytes());
        assertEquals(dataStart + 4 * GIB, file.requireTensor("last").offset());
        byte[] data = {1, 1, 1, 1};
        file.read(file.requireTensor("large"), 4 * GIB - 4, data, 0, 4);
        assertEquals(0, data[0]);
    }

    @Test
    void aMillionStringsAreRead() {
        int count = 1_000_000;
        RawFile head = RawFile.header(0, 1)
                .key("tokens", ValueType.ARRAY)
                .u32(ValueType.STRING.id())
                .u64(count);
        GgufFile file = GgufReader.read(ByteSource.of(head.zeros(8 * count).toBytes()));
        assertEquals(count, file.metadata().findStrings("tokens").orElseThrow().length());
    }

    @Test
    void metadataStaysWithinItsBudgetHoweverLargeTheFile() {
        RawFile head = RawFile.header(0, 1)
                .key("tokens", ValueType.ARRAY)
                .u32(ValueType.STRING.id())
                .u64(100_000_000);
        long before = allocated();
        var refusal = assertThrows(GgufException.class, () -> GgufReader.read(new Sparse(head, 8 * GIB)));
        assertTrue(refusal.getMessage().contains("more than 256 MiB"), refusal.getMessage());
        assertTrue(allocated() - before < 1 << 20);
    }

    @Test
    void manySmallEntriesStayWithinTheBudgetToo() {
        // Zeros after the header: empty keys with u8 values, refused one by one until it is enough.
        RawFile head = RawFile.header(0, 100_000_000);
        var refusal = assertThrows(GgufException.class, () -> GgufReader.read(new Sparse(head, 8 * GIB)));
        assertEquals(Findings.MOST_ERRORS + 1, refusal.findings().size());
    }

    @ParameterizedTest
    @MethodSource("dev.quern.gguf.BrokenFiles#all")
    void aBrokenFileCostsNoMoreThanItsSize(BrokenFile broken) {
        byte[] bytes = broken.bytes().get();
        long before = allocated();
        try {
            GgufReader.read(ByteSource.of(bytes));
        } catch (GgufException refusal) {
            assertTrue(refusal.findings().size() > 0);
        }
        long cost = allocated() - before;
        assertTrue(cost < 6L * bytes.length + (1 << 20), () -> cost + " bytes for a file of " + bytes.length);
    }

    /** Bytes that this thread has allocated so far. */
    private static long allocated() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
    }
}
