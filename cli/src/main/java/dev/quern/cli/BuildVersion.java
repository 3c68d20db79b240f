package dev.quern.cli;

import dev.quern.runtime.wgpu.WgpuLibrary;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class BuildVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = BuildVersion.class.getPackage().getImplementationVersion();
        return new String[] {
            "quern " + (version == null ? "(built from source)" : version),
            "wgpu-native " + WgpuLibrary.version(),
            "Java " + Runtime.version()
        };
    }
}
