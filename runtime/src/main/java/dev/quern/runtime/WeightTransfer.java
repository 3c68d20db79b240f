package dev.quern.runtime;

import dev.quern.plan.WeightSpec;
import dev.quern.plan.bundle.Manifest;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Moves weights from the files of a bundle to the device. How bytes travel is the host's business: through memory on
 * the JVM, past the program's memory in a browser.
 *
 * <p>Files come one after another, each from its beginning to its end without gap, and each must be compared with its
 * hash: at the latest when its last byte has come, before anything is computed.
 */
@FunctionalInterface
public interface WeightTransfer {
    /**
     * Moves a part of a file; done when this returns.
     *
     * @param file the file's entry in the manifest, with its size and hash
     * @param offset of the first byte in the file
     * @param bytes how many
     * @param targets where they go, each all of them; empty where another plan wants them and they only are to be
     *     checked
     * @throws dev.quern.plan.BundleException if the file cannot be read or is damaged
     */
    void move(Manifest.FileEntry file, long offset, int bytes, List<Target> targets);

    /** A place on the device. */
    sealed interface Target {
        /** Brings what remains of the data there; its position does not move. */
        default void write(Gpu gpu, ByteBuffer data) {
            switch (this) {
                case InBuffer place -> gpu.write(place.buffer(), place.offset(), data.duplicate());
                case InTexture place -> place.writeRows(gpu, data);
            }
        }

        /** From an offset on, a multiple of 4. */
        record InBuffer(Gpu.Buffer buffer, long offset) implements Target {}

        /**
         * From the beginning of a row of texels on; the last row may be filled in part, and then the rest of it is
         * zero.
         */
        record InTexture(Gpu.Texture texture, int firstRow) implements Target {
            private static final int ROW_BYTES = WeightSpec.TEXTURE_WIDTH * WeightSpec.TEXEL_BYTES;

            private void writeRows(Gpu gpu, ByteBuffer data) {
                int wholeRows = data.remaining() / ROW_BYTES;
                int rest = data.remaining() % ROW_BYTES;
                int restStart = data.position() + wholeRows * ROW_BYTES;
                if (wholeRows > 0) {
                    gpu.write(texture, firstRow, wholeRows, data.duplicate().limit(restStart));
                }
                if (rest > 0) {
                    var row = ByteBuffer.allocateDirect(ROW_BYTES);
                    row.put(data.duplicate().position(restStart));
                    gpu.write(texture, firstRow + wholeRows, 1, row.clear());
                }
            }
        }
    }
}
