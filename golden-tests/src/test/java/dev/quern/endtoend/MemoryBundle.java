package dev.quern.endtoend;

import dev.quern.plan.BundleException;
import dev.quern.plan.bundle.BundleSink;
import dev.quern.plan.bundle.BundleSource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** A bundle that lies in memory. */
final class MemoryBundle implements BundleSink, BundleSource {
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final ByteArrayOutputStream current = new ByteArrayOutputStream();
    private String file = "";

    @Override
    public void begin(String name) {
        file = name;
        current.reset();
    }

    @Override
    public void write(ByteBuffer piece) {
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        current.writeBytes(bytes);
    }

    @Override
    public void end() {
        files.put(file, current.toByteArray());
    }

    @Override
    public void finish() {
        current.reset();
    }

    @Override
    public void abandon() {
        files.clear();
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public boolean has(String name) {
        return files.containsKey(name);
    }

    @Override
    public long size(String name) {
        return bytes(name).length;
    }

    @Override
    public void read(String name, long offset, ByteBuffer into) {
        into.put(bytes(name), (int) offset, into.remaining());
    }

    private byte[] bytes(String name) {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw new BundleException("memory: there is no file " + name);
        }
        return bytes;
    }

    @Override
    public void close() {}
}
