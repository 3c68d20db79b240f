package dev.quern.runtime.web;

import dev.quern.plan.BundleException;
import dev.quern.plan.bundle.BundleSource;
import dev.quern.plan.bundle.Digest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.teavm.jso.typedarrays.Uint8Array;

/**
 * A bundle whose files the host reads. Small files are kept while the engine loads. Reading waits, so a thread must
 * call it.
 *
 * <p>Weights do not come this way: see {@link WebTransfer}.
 */
final class WebBundle implements BundleSource {
    private final WebHost host;
    private final Map<String, Uint8Array> files = new HashMap<>();

    WebBundle(WebHost host) {
        this.host = host;
    }

    @Override
    public String name() {
        return host.getName();
    }

    @Override
    public boolean has(String file) {
        return host.has(file);
    }

    @Override
    public long size(String file) {
        double known = host.size(file);
        return known >= 0 ? (long) known : file(file).getLength();
    }

    private Uint8Array file(String name) {
        var known = files.get(name);
        if (known == null) {
            try {
                known = Promises.await(host.read(name));
            } catch (RuntimeException problem) {
                throw new BundleException(name() + ": " + name + " cannot be read: " + problem.getMessage());
            }
            files.put(name, known);
        }
        return known;
    }

    @Override
    public void read(String file, long offset, ByteBuffer into) {
        var bytes = file(file);
        int count = into.remaining();
        if (offset + count > bytes.getLength()) {
            throw new BundleException(name() + ": " + file + " ends after " + bytes.getLength() + " bytes; "
                    + (offset + count) + " are wanted");
        }
        ByteBuffer copy = ByteBuffer.allocateDirect(Math.max(1, count));
        copy.limit(count);
        Js.copy(Js.part(bytes, (double) offset, (double) (offset + count)), copy);
        into.put(copy);
    }

    /** SHA-256 by the browser, which takes all bytes at once. */
    static Digest digest() {
        return new Digest() {
            private final List<byte[]> pieces = new ArrayList<>();

            @Override
            public void update(ByteBuffer piece) {
                byte[] copy = new byte[piece.remaining()];
                piece.duplicate().get(copy);
                pieces.add(copy);
            }

            @Override
            public byte[] finish() {
                int length = pieces.stream().mapToInt(piece -> piece.length).sum();
                ByteBuffer all = ByteBuffer.allocateDirect(Math.max(1, length));
                pieces.forEach(all::put);
                all.flip();
                return hash(Js.copyOf(all));
            }
        };
    }

    /** The SHA-256 of an array, 32 bytes. */
    static byte[] hash(Uint8Array bytes) {
        var hash = Promises.await(Js.sha256(bytes));
        byte[] result = new byte[hash.getLength()];
        for (int index = 0; index < result.length; index++) {
            result[index] = (byte) hash.get(index);
        }
        return result;
    }

    @Override
    public void close() {
        files.clear();
    }
}
