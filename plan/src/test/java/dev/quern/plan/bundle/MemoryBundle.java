package dev.quern.plan.bundle;

import dev.quern.plan.BundleException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A bundle in memory, for tests: written like any other, then read, or damaged and read. */
public final class MemoryBundle implements BundleSink, BundleSource {
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();
    private final Set<String> held = new HashSet<>();
    private String openFile = "";
    private boolean finished;
    private boolean abandoned;

    /** The files, which tests may replace or remove. */
    public Map<String, byte[]> files() {
        return files;
    }

    /** Puts a file here as an earlier try would have left it. */
    public void hold(String file, byte[] bytes) {
        files.put(file, bytes);
        held.add(file);
    }

    @Override
    public boolean holds(String file) {
        return held.contains(file);
    }

    /** SHA-256 of what is written, but of files that are held that of their bytes. */
    Digest digest() {
        return holds(openFile) ? digestOf(bytes(openFile)) : sha256();
    }

    private static Digest digestOf(byte[] bytes) {
        Digest digest = sha256();
        digest.update(ByteBuffer.wrap(bytes));
        return digest;
    }

    /** Whether the bundle was finished. */
    public boolean finished() {
        return finished;
    }

    /** Whether the bundle was given up. */
    public boolean abandoned() {
        return abandoned;
    }

    @Override
    public void begin(String file) {
        openFile = file;
        open.reset();
    }

    @Override
    public void write(ByteBuffer piece) {
        while (piece.hasRemaining()) {
            open.write(piece.get());
        }
    }

    @Override
    public void end() {
        if (!holds(openFile)) {
            files.put(openFile, open.toByteArray());
        }
    }

    @Override
    public void finish() {
        finished = true;
    }

    @Override
    public void abandon() {
        abandoned = true;
        files.clear();
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public boolean has(String file) {
        return files.containsKey(file);
    }

    @Override
    public long size(String file) {
        return bytes(file).length;
    }

    @Override
    public void read(String file, long offset, ByteBuffer into) {
        into.put(bytes(file), Math.toIntExact(offset), into.remaining());
    }

    /** The bytes of a file, not a copy. */
    public byte[] bytes(String file) {
        byte[] bytes = files.get(file);
        if (bytes == null) {
            throw new BundleException("memory: has no file " + file);
        }
        return bytes;
    }

    @Override
    public void close() {}

    /** SHA-256 of the platform. */
    public static Digest sha256() {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        return new Digest() {
            @Override
            public void update(ByteBuffer piece) {
                digest.update(piece.duplicate());
            }

            @Override
            public byte[] finish() {
                return digest.digest();
            }
        };
    }
}
