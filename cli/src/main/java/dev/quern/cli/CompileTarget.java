package dev.quern.cli;

import dev.quern.cli.bundle.Profiles;
import dev.quern.compiler.CompileOptions;
import dev.quern.plan.DeviceProfile;
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
            names = "--profile",
            paramLabel = "P",
            completionCandidates = Names.class,
            converter = ProfileConverter.class,
            description = "The kind of device: ${COMPLETION-CANDIDATES}. Default: what fits this machine's device.")
    private @Nullable DeviceProfile profile;

    @Mixin
    private final ContextOption context = new ContextOption();

    @Mixin
    private final CacheOption cache = new CacheOption();

    Optional<DeviceProfile> profile() {
        return Optional.ofNullable(profile);
    }

    /** Whether anything was asked for that only a compilation can give. */
    boolean isGiven() {
        return profile != null || decidesStates().isPresent();
    }

    /** The option that decides how large states are or how they are kept, if one is given. */
    Optional<String> decidesStates() {
        return context.isGiven()
                ? Optional.of("--context")
                : cache.isGiven() ? Optional.of("--cache") : Optional.empty();
    }

    CompileOptions options(DeviceProfile chosen) {
        return cache.applied(context.options(chosen));
    }

    /** The names that a shell completes. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Profiles.names().iterator();
        }
    }

    /** Finds a profile by its name. */
    static final class ProfileConverter implements ITypeConverter<DeviceProfile> {
        @Override
        public DeviceProfile convert(String name) {
            List<String> names = Profiles.names();
            return Profiles.named(name)
                    .orElseThrow(() -> new TypeConversionException(
                            "there is no profile '" + name + "'; there are " + String.join(", ", names)));
        }
    }
}
