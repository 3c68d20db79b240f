package dev.quern.compiler;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.architecture.ModelFile;
import dev.quern.text.TokenizerData;
import dev.quern.text.TokenizerException;
import dev.quern.text.Tokenizers;
import dev.quern.text.chat.ChatTemplate;
import dev.quern.text.chat.ChatTemplateException;
import java.util.List;
import java.util.Optional;

/**
 * A model file on which nothing stands in the way of a bundle that opens. This is the one list of checks: whoever verifies, compiles or
 * runs a file goes through it before a weight is read.
 *
 * @param model the model
 * @param tokenizer its tokenizer, which was built once to see that it can be
 * @param warnings what is odd and does no harm
 */
record CheckedModel(ModelFile model, TokenizerData tokenizer, List<Finding> warnings) {
    private static final String TEMPLATE = "tokenizer.chat_template";

    CheckedModel {
        warnings = List.copyOf(warnings);
    }

    /**
     * Checks a file.
     *
     * @throws dev.quern.gguf.GgufException with all that was found, if it is refused
     */
    static CheckedModel of(ByteSource source) {
        var findings = new Findings();
        Optional<CheckedModel> checked = ModelFile.container(source, findings).flatMap(file -> of(file, findings));
        findings.throwIfErrors();
        return checked.orElseThrow();
    }

    /**
     * Checks a container.
     *
     * @param findings takes all that is wrong or odd
     * @return nothing if the file is refused
     */
    static Optional<CheckedModel> of(GgufFile file, Findings findings) {
        Optional<ModelFile> model = ModelFile.of(file, findings);
        int vocabulary = model.map(each -> each.sizes().vocabulary()).orElse(0);
        Optional<TokenizerData> tokenizer = findings.step(own -> tokenizer(file, vocabulary, own));
        return model.isPresent() && tokenizer.isPresent()
                ? Optional.of(new CheckedModel(model.get(), tokenizer.get(), findings.warnings()))
                : Optional.empty();
    }

    private static TokenizerData tokenizer(GgufFile file, int vocabulary, Findings findings) {
        TokenizerData data;
        try {
            data = TokenizerConversion.padded(TokenizerConversion.read(file, findings), vocabulary);
            Tokenizers.of(data).warnings().forEach(warning -> findings.warning(ModelVerifier.TOKENIZER, warning));
        } catch (TokenizerException refusal) {
            findings.error(
                    refusal.key().map(file.metadata()::where).orElse(ModelVerifier.TOKENIZER),
                    String.valueOf(refusal.getMessage()));
            findings.throwIfErrors();
            throw refusal;
        }
        String template = data.chatTemplate();
        if (template != null) {
            try {
                ChatTemplate.parse(template);
            } catch (ChatTemplateException problem) {
                findings.warning(
                        file.metadata().where(TEMPLATE),
                        "Chats cannot be put into this template, but text can be continued: " + problem.getMessage());
            }
        }
        return data;
    }
}
