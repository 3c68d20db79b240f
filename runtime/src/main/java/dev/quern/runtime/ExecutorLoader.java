package dev.quern.runtime;

import dev.quern.plan.Plan;
import dev.quern.plan.WeightSpec;
import dev.quern.plan.bundle.BundleReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings a plan onto a device, one piece of work for each {@link #advance}: resources, then pipelines, which some hosts
 * compile while the work goes on, then weights. If it fails, or is closed early, the device's memory is freed.
 */
public final class ExecutorLoader implements AutoCloseable {
    private final BundleReader bundle;
    private final Gpu gpu;
    private final Plan plan;
    private final LoadProgress progress;
    private final Map<String, Gpu.Binding> resources = new LinkedHashMap<>();
    private final Map<String, Gpu.Pipeline> pipelines = new LinkedHashMap<>();
    private final WeightTransfer transfer;
    private final KernelOrder order;
    private @Nullable WeightUpload upload;
    private @Nullable Executor executor;
    private boolean handedOver;

    /** Chooses the plan; weights will come through memory. */
    public ExecutorLoader(BundleReader bundle, Gpu gpu, @Nullable String profile, LoadProgress progress) {
        this(bundle, gpu, profile, new BufferedTransfer(bundle, gpu), progress);
    }

    /**
     * Chooses the plan; nothing is allocated on the device yet.
     *
     * @param profile the name of one of the bundle's profiles, or null for the first that fits
     * @param transfer brings the weights
     * @throws GpuException if the device fits no plan, or not the one that was asked for
     */
    public ExecutorLoader(
            BundleReader bundle, Gpu gpu, @Nullable String profile, WeightTransfer transfer, LoadProgress progress) {
        this(bundle, gpu, chosen(bundle, gpu, profile), transfer, progress);
    }

    /**
     * With a plan of the bundle that was read before; nothing is allocated on the device yet.
     *
     * @throws GpuException if the device does not fit the plan
     */
    public ExecutorLoader(BundleReader bundle, Gpu gpu, Plan plan, WeightTransfer transfer, LoadProgress progress) {
        this.bundle = bundle;
        this.gpu = gpu;
        this.plan = plan;
        this.transfer = transfer;
        this.progress = progress;
        order = KernelOrder.of(plan);
        var misfits = ProfileMatcher.misfits(plan.profile(), gpu.info());
        if (!misfits.isEmpty()) {
            throw new GpuException(
                    GpuException.Kind.NO_DEVICE,
                    "The profile " + plan.profile().name() + " does not fit the device "
                            + gpu.info().name() + ": " + String.join(", ", misfits)
                            + ". Choose another device, or another of the bundle's profiles: "
                            + bundle.profileNames() + ".");
        }
    }

    private static Plan chosen(BundleReader bundle, Gpu gpu, @Nullable String profile) {
        return bundle.plan(
                profile == null
                        ? ProfileMatcher.choose(bundle.manifest().profiles(), gpu.info())
                                .name()
                        : profile);
    }

    /** Loads in one go, for hosts that can wait. */
    public static Executor load(BundleReader bundle, Gpu gpu, @Nullable String profile, LoadProgress progress) {
        try (var loader = new ExecutorLoader(bundle, gpu, profile, progress)) {
            return loader.finish();
        }
    }

    /** Does all that is left, on a host that can wait. */
    public Executor finish() {
        while (!done()) {
            advance();
        }
        return executor();
    }

    /** The plan that was chosen. */
    public Plan plan() {
        return plan;
    }

    /** What a piece of work is for, in the order in which they are done. */
    public enum Stage {
        /** Buffers and textures are made. */
        RESOURCES,
        /** A kernel is compiled, or that is begun. */
        PIPELINES,
        /** A piece of the weights comes to the device. */
        WEIGHTS,
        /** Resources are bound to kernels. */
        BINDINGS,
        /** Nothing is left to do. */
        DONE
    }

    /** What the next piece of work is for. */
    public Stage stage() {
        if (resources.isEmpty()) {
            return Stage.RESOURCES;
        }
        if (pipelines.size() < plan.kernels().size()) {
            return Stage.PIPELINES;
        }
        var weights = upload;
        if (weights == null || !weights.done()) {
            return Stage.WEIGHTS;
        }
        return executor == null ? Stage.BINDINGS : Stage.DONE;
    }

    /** Whether the executor is ready. */
    public boolean done() {
        return stage() == Stage.DONE;
    }

    /** Does one piece of work: at most 16 MiB of weights, or one pipeline. */
    public void advance() {
        switch (stage()) {
            case RESOURCES -> {
                allocate();
                progress.report(LoadProgress.Phase.PIPELINES, 0, plan.kernels().size());
            }
            case PIPELINES -> compile();
            case WEIGHTS -> upload();
            case BINDINGS ->
                executor = new Executor(gpu, plan, resources, new DispatchLists(gpu, plan, resources, pipelines));
            case DONE -> throw new IllegalStateException("loading is done");
        }
    }

    private void allocate() {
        for (var buffer : plan.buffers()) {
            resources.put(
                    buffer.name(),
                    new Gpu.Binding.OfBuffer(gpu.buffer(buffer.name(), buffer.bytes()), 0, buffer.bytes()));
        }
        for (var weight : plan.weights()) {
            var target = switch (weight.placement()) {
                case BUFFER -> new Gpu.Binding.OfBuffer(gpu.buffer(weight.name(), weight.bytes()), 0, weight.bytes());
                case TEXTURE, SAMPLED_TEXTURE ->
                    new Gpu.Binding.OfTexture(
                            gpu.texture(weight.name(), WeightSpec.TEXTURE_WIDTH, weight.textureRows()));
            };
            resources.put(weight.name(), target);
        }
    }

    private void compile() {
        int index = pipelines.size();
        var kernel = order.kernels().get(index);
        pipelines.put(kernel.name(), index < order.ofSteps() ? gpu.pipeline(kernel) : gpu.laterPipeline(kernel));
        progress.report(
                LoadProgress.Phase.PIPELINES, pipelines.size(), plan.kernels().size());
    }

    private void upload() {
        var weights = upload;
        if (weights == null) {
            weights = new WeightUpload(plan, bundle, transfer, resources);
            upload = weights;
        } else {
            weights.advance();
        }
        progress.report(LoadProgress.Phase.WEIGHTS, weights.doneBytes(), weights.totalBytes());
    }

    /** The executor, which the caller closes from now on. */
    public Executor executor() {
        var ready = executor;
        if (ready == null) {
            throw new IllegalStateException("loading is not done");
        }
        handedOver = true;
        return ready;
    }

    @Override
    public void close() {
        if (!handedOver) {
            Executor.release(resources);
            resources.clear();
        }
    }
}
