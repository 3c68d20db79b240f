package dev.quern.cli;

import dev.quern.compiler.CompileOptions;
import dev.quern.plan.DeviceProfile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** How long a text a model is compiled for. */
final class ContextOption {
    @Option(
            names = {"-c", "--context", "--ctx-size"},
            paramLabel = "N",
            converter = ContextConverter.class,
            description = "Positions to have room for. Default: what the model was trained for, at most 4096.")
    private @Nullable Long positions;

    boolean isGiven() {
        return positions != null;
    }

    CompileOptions options(DeviceProfile profile) {
        CompileOptions options = CompileOptions.of(profile);
        return positions == null ? options : options.withContext(positions);
    }

    private static final class ContextConverter implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return Numbers.whole(
                    text,
                    1,
                    Integer.MAX_VALUE,
                    "; without the option there is room for what the model was trained for, at most 4096");
        }
    }
}
