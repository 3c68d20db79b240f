package dev.quern.runtime.web;

import dev.quern.plan.BundleException;
import dev.quern.plan.bundle.Manifest;
import dev.quern.runtime.WeightTransfer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.typedarrays.Uint8Array;

/**
 * Weights from the host's arrays to the device, past the program's memory. The host has checked a file as a whole
 * before any of it is used.
 */
final class WebTransfer implements WeightTransfer {
    private final WebHost host;
    private final WebGpu gpu;
    private @Nullable Uint8Array current;

    WebTransfer(WebHost host, WebGpu gpu) {
        this.host = host;
        this.gpu = gpu;
    }

    @Override
    public void move(Manifest.FileEntry file, long offset, int bytes, List<Target> targets) {
        var whole = offset == 0 ? null : current;
        if (whole == null) {
            whole = read(file);
            current = whole;
        }
        for (var target : targets) {
            var part = Js.part(whole, (double) offset, (double) (offset + bytes));
            switch (target) {
                case Target.InBuffer place -> gpu.write(place.buffer(), place.offset(), part);
                case Target.InTexture place -> gpu.write(place.texture(), place.firstRow(), part);
            }
        }
        if (offset + bytes == file.bytes()) {
            current = null;
        }
    }

    private Uint8Array read(Manifest.FileEntry file) {
        Uint8Array bytes;
        try {
            bytes = Promises.await(host.read(file.name()));
        } catch (RuntimeException problem) {
            throw new BundleException(host.getName() + ": " + file.name() + " cannot be read: " + problem.getMessage());
        }
        if (bytes.getLength() != file.bytes()) {
            throw new BundleException(host.getName() + ": " + file.name() + " has " + bytes.getLength()
                    + " bytes, but the manifest says " + file.bytes());
        }
        return bytes;
    }
}
