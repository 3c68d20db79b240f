package dev.quern.cli.tokens;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.cli.inspect.FileKind;
import dev.quern.cli.store.FileByteSource;
import dev.quern.cli.store.RefusedFileException;
import dev.quern.compiler.TokenizerConversion;
import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufReader;
import dev.quern.plan.bundle.BundleSource;
import dev.quern.plan.bundle.Manifest;
import dev.quern.text.Tokenizer;
import dev.quern.text.TokenizerData;
import dev.quern.text.TokenizerJson;
import dev.quern.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;

/** Reads tokenizers out of files. */
public final class TokenizerFile {
    private TokenizerFile() {}

    /**
     * The tokenizer of a model file or a bundle. Nothing else of the file is used: it may hold no tensors, or a model
     * that cannot be compiled.
     *
     * @throws dev.quern.gguf.GgufException if a model file is broken
     * @throws dev.quern.plan.BundleException if a bundle is
     * @throws dev.quern.text.TokenizerException if the tokenizer is of a kind that is not supported
     */
    public static Tokenizer open(Path file) throws IOException {
        return Tokenizers.of(data(file));
    }

    /** What a model file or a bundle says of its tokenizer, the chat template among it; throws as {@link #open}. */
    public static TokenizerData data(Path file) throws IOException {
        return switch (FileKind.of(file)) {
            case GGUF -> ofModel(file);
            case BUNDLE -> ofBundle(file);
        };
    }

    private static TokenizerData ofModel(Path file) throws IOException {
        try (FileByteSource source = FileByteSource.open(file)) {
            return TokenizerConversion.read(GgufReader.read(source), new Findings());
        } catch (GgufException e) {
            throw new RefusedFileException(file, e);
        }
    }

    private static TokenizerData ofBundle(Path file) {
        try (BundleSource source = BundleFiles.source(file)) {
            return TokenizerJson.read(BundleFiles.reader(source).text(Manifest.TOKENIZER_FILE));
        }
    }
}
