package dev.quern.cli;

import dev.quern.runtime.wgpu.WgpuLibrary;
import picocli.CommandLine.IVersionProvider;

/**
 * What {@code --version} prints, which is what a report of a fault needs: the version of the build, the commit that it
 * was made of where that is known, and what else computes here.
 */
final class BuildVersion implements IVersionProvider {
    /** Set by the launcher, of a build that was made in a clone. */
    private static final String COMMIT = "quern.commit";

    @Override
    public String[] getVersion() {
        String version = BuildVersion.class.getPackage().getImplementationVersion();
        String commit = System.getProperty(COMMIT, "");
        return new String[] {
            "quern " + (version == null ? "(not packaged)" : version)
                    + (commit.isEmpty() ? "" : ", built from commit " + commit),
            "wgpu-native " + WgpuLibrary.version(),
            "Java " + Runtime.version() + " on " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }
}
