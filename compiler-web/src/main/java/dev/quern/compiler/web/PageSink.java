package dev.quern.compiler.web;

import dev.quern.plan.BundleException;
import dev.quern.plan.WeightSpec;
import dev.quern.plan.bundle.BundleSink;
import dev.quern.plan.bundle.Digest;
import dev.quern.plan.bundle.Manifest;
import dev.quern.runtime.web.Promises;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.teavm.jso.typedarrays.Uint8Array;

/**
 * Hands a bundle's files to the host, in pieces of up to a MiB. The host hashes each as a whole when it ends, so the
 * digests that the writer asks for are answered from there. Ending a file waits, so a thread must call it.
 */
final class PageSink implements BundleSink {
    private static final int PIECE_BYTES = 1 << 20;

    private final CompilerHost host;
    private final Map<String, Long> sizes = new HashMap<>();
    private final ByteBuffer staging = ByteBuffer.allocateDirect(PIECE_BYTES);
    private String file = "";
    private byte[] hash = new byte[0];

    /** @param weights tell the sizes of the files of weights before those are written */
    PageSink(CompilerHost host, List<WeightSpec> weights) {
        this.host = host;
        for (WeightSpec weight : weights) {
            for (var segment : weight.segments()) {
                sizes.merge(Manifest.weightFile(segment.file()), segment.offset() + segment.bytes(), Math::max);
            }
        }
    }

    @Override
    public boolean holds(String name) {
        return host.holds(name);
    }

    @Override
    public void begin(String name) {
        file = name;
        host.begin(name, (double) sizes.getOrDefault(name, -1L));
    }

    @Override
    public void write(ByteBuffer piece) {
        while (piece.hasRemaining()) {
            int part = Math.min(piece.remaining(), staging.remaining());
            // TeaVM 0.15 cannot put a part of a buffer into another; all pieces lie on arrays.
            staging.put(piece.array(), piece.arrayOffset() + piece.position(), part);
            piece.position(piece.position() + part);
            if (!staging.hasRemaining()) {
                flush();
            }
        }
    }

    private void flush() {
        staging.flip();
        // The view that JavaScript gets spans the capacity, whatever the limit.
        Js.write(host, staging.slice());
        staging.clear();
    }

    @Override
    public void end() {
        flush();
        try {
            hash = bytes(Promises.await(host.end()));
        } catch (RuntimeException problem) {
            throw new BundleException(file + " cannot be kept: " + problem.getMessage());
        }
    }

    private static byte[] bytes(Uint8Array array) {
        byte[] bytes = new byte[array.getLength()];
        for (int index = 0; index < bytes.length; index++) {
            bytes[index] = (byte) array.get(index);
        }
        return bytes;
    }

    /** The host's digest of the file that has just ended. */
    Digest digest() {
        return new Digest() {
            @Override
            public void update(ByteBuffer piece) {
                // The host sees all bytes.
            }

            @Override
            public byte[] finish() {
                return hash.clone();
            }
        };
    }

    @Override
    public void finish() {
        // The host has the manifest, and with it a bundle.
    }

    @Override
    public void abandon() {
        // Without a manifest there is no bundle: the host knows what of it is of use to another try.
    }
}
