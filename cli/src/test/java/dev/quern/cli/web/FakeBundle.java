package dev.quern.cli.web;

import dev.quern.plan.BundleException;
import dev.quern.plan.bundle.BundleSource;
import java.nio.ByteBuffer;
import java.util.Map;

/** Files in memory. */
record FakeBundle(Map<String, byte[]> files) implements BundleSource {
    @Override
    public String name() {
        return "fake";
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
        into.put(bytes(file), (int) offset, into.remaining());
    }

    private byte[] bytes(String file) {
        byte[] bytes = files.get(file);
        if (bytes == null) {
            throw new BundleException("fake: " + file + " is missing");
        }
        return bytes;
    }

    @Override
    public void close() {}
}
