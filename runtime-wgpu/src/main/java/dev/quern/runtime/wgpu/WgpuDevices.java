package dev.quern.runtime.wgpu;

import dev.quern.runtime.DeviceInfo;
import java.util.List;

/** The devices that could be opened, for people to choose from. */
public final class WgpuDevices {
    private WgpuDevices() {}

    /**
     * A device that could be opened.
     *
     * @param info name, kind, driver and limits
     * @param vendor the maker
     * @param features what it offers beyond the core of WebGPU, as WebGPU spells it, in alphabetical order
     */
    public record Description(DeviceInfo info, String vendor, List<String> features) {}

    /**
     * All devices that the library sees, in its order; none, if there is no driver.
     *
     * @throws dev.quern.runtime.GpuException if the library itself is missing or does not fit
     */
    public static List<Description> list() {
        try (var instance = new WgpuInstance()) {
            List<WgpuAdapter> adapters = instance.adapters();
            List<Description> descriptions = adapters.stream()
                    .map(adapter -> new Description(adapter.info(), adapter.vendor(), adapter.featureNames()))
                    .toList();
            adapters.forEach(WgpuAdapter::release);
            return descriptions;
        }
    }
}
