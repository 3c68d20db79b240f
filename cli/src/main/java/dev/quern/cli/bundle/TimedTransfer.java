package dev.quern.cli.bundle;

import dev.quern.cli.start.Share;
import dev.quern.cli.start.Shares;
import dev.quern.plan.bundle.BundleReader;
import dev.quern.plan.bundle.Manifest;
import dev.quern.runtime.BufferedTransfer;
import dev.quern.runtime.Gpu;
import java.nio.ByteBuffer;
import java.util.List;

/** Takes the time of reading apart from that of uploading. */
final class TimedTransfer extends BufferedTransfer {
    private final Shares shares;

    TimedTransfer(BundleReader bundle, Gpu gpu, Shares shares) {
        super(bundle, gpu);
        this.shares = shares;
    }

    @Override
    protected ByteBuffer read(Manifest.FileEntry file, long offset, int bytes) {
        try (Shares.Span _ = shares.begin(Share.WEIGHTS)) {
            return super.read(file, offset, bytes);
        }
    }

    @Override
    protected void upload(ByteBuffer piece, List<Target> targets) {
        try (Shares.Span _ = shares.begin(Share.UPLOAD)) {
            super.upload(piece, targets);
        }
    }
}
