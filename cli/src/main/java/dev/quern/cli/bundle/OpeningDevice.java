package dev.quern.cli.bundle;

import dev.quern.cli.start.Share;
import dev.quern.cli.start.Shares;
import dev.quern.plan.DeviceProfile;
import dev.quern.runtime.wgpu.WgpuGpu;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A device that a thread of its own opens while the command finds and reads the model. */
public final class OpeningDevice implements AutoCloseable {
    private final CompletableFuture<WgpuGpu> device;
    private boolean taken;

    private OpeningDevice(CompletableFuture<WgpuGpu> device) {
        this.device = device;
    }

    /**
     * Begins to open the device.
     *
     * @param most what its limits are lowered to
     */
    public static OpeningDevice begin(Shares shares, Optional<DeviceProfile.Limits> most) {
        return new OpeningDevice(Background.run("device", () -> {
            try (Shares.Span _ = shares.begin(Share.DEVICE)) {
                return WgpuGpu.open(most);
            }
        }));
    }

    /**
     * Waits for the device, which is the caller's from now on.
     *
     * @throws dev.quern.runtime.GpuException if there is none, or it cannot be opened
     */
    public WgpuGpu take() {
        WgpuGpu gpu = Background.join(device);
        taken = true;
        return gpu;
    }

    /** Closes the device if nobody took it. */
    @Override
    public void close() {
        if (taken) {
            return;
        }
        try {
            device.join().close();
        } catch (CompletionException e) {
            // There is no device to close; what the command says is why it did not want one any more.
            taken = true;
        }
    }
}
