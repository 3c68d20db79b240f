package dev.quern.runtime;

import dev.quern.plan.WeightSpec;
import dev.quern.plan.bundle.BundleReader;
import dev.quern.plan.bundle.FileCheck;
import dev.quern.plan.bundle.Manifest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Moves weights through a buffer in memory, which the bundle's source fills and the device empties. */
final class BufferedTransfer implements WeightTransfer {
    private static final int ROW_BYTES = WeightSpec.TEXTURE_WIDTH * WeightSpec.TEXEL_BYTES;

    private final BundleReader bundle;
    private final Gpu gpu;
    private final ByteBuffer buffer;
    private @Nullable FileCheck check;

    BufferedTransfer(BundleReader bundle, Gpu gpu) {
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
    public void move(Manifest.FileEntry file, long offset, int bytes, List<Target> targets) {
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
        for (var target : targets) {
            switch (target) {
                case Target.InBuffer place -> gpu.write(place.buffer(), place.offset(), buffer.duplicate());
                case Target.InTexture place -> writeRows(place, buffer.duplicate());
            }
        }
    }

    private void writeRows(Target.InTexture place, ByteBuffer data) {
        int wholeRows = data.remaining() / ROW_BYTES;
        int rest = data.remaining() % ROW_BYTES;
        int restStart = data.position() + wholeRows * ROW_BYTES;
        if (wholeRows > 0) {
            gpu.write(
                    place.texture(),
                    place.firstRow(),
                    wholeRows,
                    data.duplicate().limit(restStart));
        }
        if (rest > 0) {
            var row = ByteBuffer.allocateDirect(ROW_BYTES);
            row.put(data.duplicate().position(restStart));
            gpu.write(place.texture(), place.firstRow() + wholeRows, 1, row.clear());
        }
    }
}
