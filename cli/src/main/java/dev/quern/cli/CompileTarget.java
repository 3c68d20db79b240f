package dev.quern.cli;

import dev.quern.cli.arguments.PathArgument;
import dev.quern.cli.bundle.DeviceFile;
import dev.quern.cli.bundle.Profiles;
import dev.quern.cli.store.StoreException;
import dev.quern.compiler.CompileOptions;
import dev.quern.plan.BundleException;
import dev.quern.plan.DeviceProfile;
import dev.quern.runtime.ProfileMatcher;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options of commands that compile. */
final class CompileTarget {
    @Option(
            names = {"--target", "--profile"},
            paramLabel = "P|FILE.json",
            completionCandidates = Names.class,
            converter = ProfileConverter.class,
            description = {
                "The kind of device: ${COMPLETION-CANDIDATES}; or one device, in a file as 'quern devices --json' prints"
                        + " it, with its own limits. Default: what fits this machine's device."
            })
    private @Nullable DeviceProfile profile;

    @Option(
            names = "--limits",
            paramLabel = "SIZE|FILE.json",
            converter = LimitsConverter.class,
            description = {
                "Compile for a device that binds no more than SIZE (128MiB, 1GB) at a time, or for the limits in a file as"
                        + " 'quern devices --json' prints it. A device is then opened with these limits, so that"
                        + " nothing larger can be bound on it."
            })
    private DeviceProfile.@Nullable Limits limits;

    @Mixin
    private final ContextOption context = new ContextOption();

    @Mixin
    private final CacheOption cache = new CacheOption();

    Optional<DeviceProfile> profile() {
        return Optional.ofNullable(profile);
    }

    /** Whether anything was asked for that only a compilation can give. */
    boolean isGiven() {
        return profile != null || limits != null || decidesStates().isPresent();
    }

    /** The option that decides how large states are or how they are kept, if one is given. */
    Optional<String> decidesStates() {
        return context.isGiven()
                ? Optional.of("--context")
                : cache.isGiven() ? Optional.of("--cache") : Optional.empty();
    }

    /** What the device's limits are lowered to. */
    Optional<DeviceProfile.Limits> limits() {
        return Optional.ofNullable(limits);
    }

    CompileOptions options(DeviceProfile chosen) {
        return cache.applied(context.options(limits().map(chosen::atMost).orElse(chosen)));
    }

    /** The names that a shell completes. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Profiles.names().iterator();
        }
    }

    /** Reads a size, or a file that describes a device. */
    static final class LimitsConverter implements ITypeConverter<DeviceProfile.Limits> {
        @Override
        public DeviceProfile.Limits convert(String text) {
            return text.endsWith(".json")
                    ? DeviceFile.read(PathArgument.of(text)).info().limits()
                    : DeviceProfile.Limits.ofBinding(Numbers.bytes(text));
        }
    }

    /** Finds a profile by its name, or fits one to the device that a file describes. */
    static final class ProfileConverter implements ITypeConverter<DeviceProfile> {
        @Override
        public DeviceProfile convert(String name) {
            if (name.endsWith(".json")) {
                try {
                    return ProfileMatcher.fitted(
                            DeviceFile.read(PathArgument.of(name)).info());
                } catch (StoreException | BundleException e) {
                    throw new TypeConversionException(String.valueOf(e.getMessage()));
                }
            }
            List<String> names = Profiles.names();
            return Profiles.named(name)
                    .orElseThrow(() -> new TypeConversionException("there is no profile '" + name + "'; there are "
                            + String.join(", ", names) + ", and files that describe a device (FILE.json)"));
        }
    }
}
