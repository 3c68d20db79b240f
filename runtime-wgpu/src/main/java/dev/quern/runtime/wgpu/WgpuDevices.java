package dev.quern.runtime.wgpu;

import dev.quern.runtime.DeviceInfo;
import dev.quern.runtime.GpuException;
import java.util.ArrayList;
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
        var descriptions = new ArrayList<Description>();
        try (var counting = new WgpuInstance()) {
            List<WgpuAdapter> adapters = counting.adapters();
            adapters.forEach(WgpuAdapter::release);
            for (int i = 0; i < adapters.size(); i++) {
                descriptions.add(describe(i));
            }
        }
        return List.copyOf(descriptions);
    }

    /** Opens the adapter at a place of the library's order: what it does not state is measured. */
    private static Description describe(int index) {
        var instance = new WgpuInstance();
        List<WgpuAdapter> adapters = instance.adapters();
        WgpuAdapter adapter = adapters.get(index);
        adapters.stream().filter(other -> !other.equals(adapter)).forEach(WgpuAdapter::release);
        try (var gpu = new WgpuGpu(instance, adapter)) {
            return new Description(gpu.info(), adapter.vendor(), adapter.featureNames());
        } catch (GpuException unusable) {
            return new Description(adapter.info(), adapter.vendor(), adapter.featureNames());
        }
    }
}
