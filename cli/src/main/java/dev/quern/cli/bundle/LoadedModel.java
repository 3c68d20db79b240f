package dev.quern.cli.bundle;

import dev.quern.runtime.Engine;
import dev.quern.runtime.Gpu;
import dev.quern.runtime.wgpu.WgpuGpu;

/** A model on this machine's device; {@link ModelLoader} loads it. */
public final class LoadedModel implements AutoCloseable {
    private final WgpuGpu gpu;
    private final Engine engine;

    LoadedModel(WgpuGpu gpu, Engine engine) {
        this.gpu = gpu;
        this.engine = engine;
    }

    /** The device. */
    public Gpu gpu() {
        return gpu;
    }

    /** What runs the model. */
    public Engine engine() {
        return engine;
    }

    @Override
    public void close() {
        engine.close();
        gpu.close();
    }
}
