package dev.quern.runtime;

import dev.quern.plan.bundle.BundleReader;
import dev.quern.plan.bundle.FileCheck;
import dev.quern.plan.bundle.Manifest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Moves weights through a buffer in memory, which the bundle's source fills and the device empties. */
public class BufferedTransfer implements WeightTransfer {
    private final BundleReader bundle;
    private final Gpu gpu;
    private final ByteBuffer buffer;
    private @Nullable FileCheck check;

    /** From a bundle to a device. */
    public BufferedTransfer(BundleReader bundle, Gpu gpu) {
        this.bundle = bundle;
        this.gpu = gpu;
        buffer = ByteBuffer.allocateDirect(largestPiece(bundle)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Small models need no room for large pieces. */
    private static int largestPiece(BundleReader bundle) {
        long largest = bundle.manifest().files().stream()
                .mapToLong(Manifest.FileEntry::bytes)
                .max()
                .orElse(0);
        return (int) Math.min(WeightUpload.PIECE_BYTES, largest);
    }

    @Override
    public final void move(Manifest.FileEntry file, long offset, int bytes, List<Target> targets) {
        upload(read(file, offset, bytes), targets);
    }

    /** Reads a piece and compares the file's hash, once all of it has come. */
    protected ByteBuffer read(Manifest.FileEntry file, long offset, int bytes) {
        buffer.clear().limit(bytes);
        bundle.source().read(file.name(), offset, buffer);
        buffer.flip();
        var current = offset == 0 ? null : check;
        if (current == null) {
            current = bundle.check(file.name());
            check = current;
        }
        current.update(buffer);
        if (offset + bytes == file.bytes()) {
            current.finish();
            check = null;
        }
        return buffer;
    }

    /** Brings a piece to the device. */
    protected void upload(ByteBuffer piece, List<Target> targets) {
        for (var target : targets) {
            target.write(gpu, piece);
        }
    }
}
