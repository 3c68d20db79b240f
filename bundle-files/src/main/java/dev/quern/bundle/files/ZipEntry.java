package dev.quern.bundle.files;

import dev.quern.plan.BundleException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A stored file in a zip: the records of the zip format that describe it.
 *
 * @param headerOffset of the local header in the zip
 * @param bytes of the file; below 4 GiB
 * @param checksum CRC-32
 */
record ZipEntry(String name, long headerOffset, long bytes, long checksum) {
    static final int LOCAL_SIGNATURE = 0x04034b50;
    static final int DIRECTORY_SIGNATURE = 0x02014b50;
    static final int END_SIGNATURE = 0x06054b50;
    static final int END64_SIGNATURE = 0x06064b50;
    static final int LOCATOR64_SIGNATURE = 0x07064b50;
    static final int LOCAL_BYTES = 30;
    static final int DIRECTORY_BYTES = 46;
    static final int END_BYTES = 22;
    static final int END64_BYTES = 56;
    static final int LOCATOR64_BYTES = 20;

    /** What a 32-bit field holds when the true value stands in a 64-bit one. */
    static final long ELSEWHERE = 0xFFFF_FFFFL;

    private static final int UTF8_NAMES = 0x0800;
    private static final int VERSION = 20;
    private static final int VERSION64 = 45;

    /** 1980-01-01, the zip format's first day. */
    private static final int DATE = 0x0021;

    ZipEntry {
        if (bytes >= ELSEWHERE) {
            throw new BundleException(name + ": has " + bytes + " bytes; a file in a zip of ours has less than 4 GiB");
        }
    }

    ByteBuffer localHeader() {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        var header = allocate(LOCAL_BYTES + nameBytes.length);
        header.putInt(LOCAL_SIGNATURE).putShort((short) VERSION);
        common(header, nameBytes);
        header.putShort((short) 0).put(nameBytes);
        return header.flip();
    }

    ByteBuffer directoryHeader() {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        boolean wide = headerOffset >= ELSEWHERE;
        int version = wide ? VERSION64 : VERSION;
        var header = allocate(DIRECTORY_BYTES + nameBytes.length + 12);
        header.putInt(DIRECTORY_SIGNATURE).putShort((short) version).putShort((short) version);
        common(header, nameBytes);
        header.putShort((short) (wide ? 12 : 0));
        // No comment, first disk, no attributes.
        header.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
        header.putInt((int) (wide ? ELSEWHERE : headerOffset)).put(nameBytes);
        if (wide) {
            header.putShort((short) 1).putShort((short) 8).putLong(headerOffset);
        }
        return header.flip();
    }

    /** The fields that both headers share: flags, method, time, checksum, sizes, length of the name. */
    private void common(ByteBuffer header, byte[] nameBytes) {
        header.putShort((short) UTF8_NAMES)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) DATE);
        header.putInt((int) checksum).putInt((int) bytes).putInt((int) bytes).putShort((short) nameBytes.length);
    }

    /**
     * What stands behind the directory.
     *
     * @param count number of files
     * @param start the directory's offset
     * @param end the offset behind it
     */
    static ByteBuffer end(int count, long start, long end) {
        boolean wide = count >= 0xFFFF || start >= ELSEWHERE || end - start >= ELSEWHERE;
        var record = allocate(END64_BYTES + LOCATOR64_BYTES + END_BYTES);
        if (wide) {
            record.putInt(END64_SIGNATURE).putLong(END64_BYTES - 12);
            record.putShort((short) VERSION64)
                    .putShort((short) VERSION64)
                    .putInt(0)
                    .putInt(0);
            record.putLong(count).putLong(count).putLong(end - start).putLong(start);
            record.putInt(LOCATOR64_SIGNATURE).putInt(0).putLong(end).putInt(1);
        }
        short shortCount = (short) (wide ? 0xFFFF : count);
        record.putInt(END_SIGNATURE).putShort((short) 0).putShort((short) 0);
        record.putShort(shortCount).putShort(shortCount);
        record.putInt((int) (wide ? ELSEWHERE : end - start)).putInt((int) (wide ? ELSEWHERE : start));
        record.putShort((short) 0);
        return record.flip();
    }

    static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
