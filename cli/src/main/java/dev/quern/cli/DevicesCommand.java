package dev.quern.cli;

import dev.quern.cli.bundle.DeviceFile;
import dev.quern.cli.terminal.Sizes;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.json.JsonText;
import dev.quern.runtime.DeviceInfo;
import dev.quern.runtime.GpuException;
import dev.quern.runtime.ProfileMatcher;
import dev.quern.runtime.wgpu.WgpuDevices;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quern devices}. */
@Command(
        name = "devices",
        description = "Lists the devices that models can run on, with the profile that is compiled for each.",
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true,
        footerHeading = "%n",
        footer = "@|yellow QUERN_ADAPTER|@ chooses one by a part of its name.")
final class DevicesCommand implements Callable<Integer> {
    private final Context context;

    @Option(names = "--json", description = "Print one JSON list.")
    private boolean json;

    DevicesCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<WgpuDevices.Description> devices = WgpuDevices.list();
        PrintStream out = context.terminal().out();
        if (json) {
            out.print(
                    JsonText.print(devices.stream().map(DevicesCommand::fields).toList()));
            return 0;
        }
        if (devices.isEmpty()) {
            throw new GpuException(
                    GpuException.Kind.NO_DEVICE,
                    "There is no device: no driver for Vulkan, Metal or D3D12"
                            + " was found. On Debian, 'apt-get install mesa-vulkan-drivers' brings one that runs on the processor.");
        }
        devices.forEach(device -> print(out, device));
        return 0;
    }

    private static void print(PrintStream out, WgpuDevices.Description device) {
        DeviceInfo info = device.info();
        DeviceProfile.Limits limits = info.limits();
        out.println(info.name());
        out.println("  kind      " + DeviceFile.text(info.kind()) + ", " + info.backend() + ", " + device.vendor());
        out.println("  driver    " + info.driver());
        out.println("  profile   " + ProfileMatcher.best(info).name());
        out.println("  subgroups " + subgroups(info));
        out.println("  limits    buffer " + Sizes.bytes(limits.maxBufferSize()) + ", binding "
                + Sizes.bytes(limits.maxStorageBufferBindingSize()) + ", workgroup "
                + limits.maxComputeInvocationsPerWorkgroup() + " invocations and "
                + Sizes.bytes(limits.maxComputeWorkgroupStorageSize()));
    }

    private static String subgroups(DeviceInfo info) {
        if (info.maxSubgroupSize() == 0) {
            return "none";
        }
        return info.minSubgroupSize() == info.maxSubgroupSize()
                ? "of " + info.minSubgroupSize()
                : "of " + info.minSubgroupSize() + " to " + info.maxSubgroupSize();
    }

    private static Map<String, Object> fields(WgpuDevices.Description device) {
        Map<String, Object> fields = DeviceFile.fields(device.info());
        fields.put("vendor", device.vendor());
        fields.put("profile", ProfileMatcher.best(device.info()).name());
        fields.put("features", device.features());
        return fields;
    }
}
