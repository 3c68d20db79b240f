package dev.quern.browsercheck;

import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Kernel;
import dev.quern.runtime.DeviceInfo;
import dev.quern.runtime.Gpu;
import java.nio.ByteBuffer;
import java.util.List;

/** A device that takes everything and answers with zeros. */
final class SilentGpu implements Gpu {
    private record Block(long bytes) implements Buffer {
        @Override
        public void close() {}
    }

    private record Image(int width, int height) implements Texture {
        @Override
        public void close() {}
    }

    private record Compiled(Kernel kernel) implements Pipeline {}

    private record Bound(Pipeline pipeline, List<Binding> bindings) implements BindGroup {}

    @Override
    public DeviceInfo info() {
        return new DeviceInfo(
                "silent", DeviceInfo.Kind.UNKNOWN, "none", "none", DeviceProfile.Limits.DEFAULT, 0, 0, false);
    }

    @Override
    public Buffer buffer(String label, long bytes) {
        return new Block(bytes);
    }

    @Override
    public Texture texture(String label, int width, int height) {
        return new Image(width, height);
    }

    @Override
    public void write(Buffer buffer, long offset, ByteBuffer data) {
        data.position(data.limit());
    }

    @Override
    public void write(Texture texture, int firstRow, int rows, ByteBuffer data) {
        data.position(data.limit());
    }

    @Override
    public Pipeline pipeline(Kernel kernel) {
        return new Compiled(kernel);
    }

    @Override
    public BindGroup bind(Pipeline pipeline, List<Binding> bindings) {
        return new Bound(pipeline, bindings);
    }

    @Override
    public void run(List<Dispatch> dispatches) {
        for (Dispatch dispatch : dispatches) {
            if (dispatch.x() < 1) {
                throw new IllegalArgumentException(dispatch.label() + " is empty");
            }
        }
    }

    @Override
    public void read(Buffer buffer, long offset, int bytes, Received then) {
        then.accept(ByteBuffer.allocate(bytes));
    }

    @Override
    public void close() {}
}
