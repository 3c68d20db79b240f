package dev.quern.runtime.web;

import dev.quern.plan.DeviceProfile;
import dev.quern.runtime.DeviceInfo;
import org.teavm.jso.JSObject;

/** What a browser tells of a device. */
public final class WebDevice {
    private WebDevice() {}

    /**
     * Facts on an open device.
     *
     * @param device a {@code GPUDevice}
     * @param adapter its {@code GPUAdapterInfo}
     */
    public static DeviceInfo describe(JSObject device, JSObject adapter) {
        JSObject limits = Js.object(device, "limits");
        String description = Js.text(adapter, "description");
        String name = description.isEmpty()
                ? (Js.text(adapter, "vendor") + " " + Js.text(adapter, "architecture")).strip()
                : description;
        boolean subgroups = Js.has(Js.object(device, "features"), "subgroups");
        return new DeviceInfo(
                name.isEmpty() ? "a device without a name" : name,
                Js.text(adapter, "isFallbackAdapter").equals("true") ? DeviceInfo.Kind.CPU : DeviceInfo.Kind.UNKNOWN,
                "WebGPU",
                Js.text(adapter, "vendor"),
                new DeviceProfile.Limits(
                        (long) Js.number(limits, "maxStorageBufferBindingSize"),
                        (long) Js.number(limits, "maxBufferSize"),
                        (int) Js.number(limits, "maxComputeInvocationsPerWorkgroup"),
                        (int) Js.number(limits, "maxComputeWorkgroupStorageSize"),
                        (int) Js.number(limits, "maxTextureDimension2D"),
                        (int) Js.number(limits, "maxComputeWorkgroupsPerDimension")),
                subgroups ? (int) Js.number(adapter, "subgroupMinSize") : 0,
                subgroups ? (int) Js.number(adapter, "subgroupMaxSize") : 0,
                true);
    }
}
