package dev.quern.cli;

import dev.quern.compiler.CompileOptions;
import dev.quern.plan.CacheEncoding;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How the keys and values of a model are kept that is compiled. */
final class CacheOption {
    @Option(
            names = "--cache",
            paramLabel = "E",
            completionCandidates = Names.class,
            converter = Converter.class,
            description = {
                "How to keep keys and values: ${COMPLETION-CANDIDATES}. Default: f16.",
                "f32 takes twice the memory, and runs models whose keys or values leave the range of f16.",
                "q8_0 takes about half of it: bytes in blocks of 32, which heads must be whole blocks of."
            })
    private @Nullable CacheEncoding encoding;

    boolean isGiven() {
        return encoding != null;
    }

    /** The options with what was asked for. */
    CompileOptions applied(CompileOptions options) {
        return encoding == null ? options : options.withCache(encoding);
    }

    /** The names that a shell completes. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return CacheEncoding.names().iterator();
        }
    }

    private static final class Converter implements ITypeConverter<CacheEncoding> {
        @Override
        public CacheEncoding convert(String name) {
            return CacheEncoding.named(name)
                    .orElseThrow(() -> new TypeConversionException(
                            "keys and values are kept as " + CacheEncoding.choice() + ", not as '" + name + "'"));
        }
    }
}
