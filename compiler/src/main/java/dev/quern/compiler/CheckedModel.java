package dev.quern.compiler;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.architecture.ModelFile;
import dev.quern.plan.bundle.SamplingAdvice;
import dev.quern.text.TokenizerData;
import dev.quern.text.TokenizerException;
import dev.quern.text.TokenizerTrial;
import java.util.List;
import java.util.Optional;

/**
 * A model file on which nothing stands in the way of a bundle that opens. This is the one list of checks: whoever
 * verifies, compiles or runs a file goes through it before a weight is read.
 *
 * @param model the model
 * @param tokenizer its tokenizer, which was built once to see that it can be
 * @param sampling what it advises on choosing tokens
 * @param warnings what is odd and does no harm
 */
record CheckedModel(ModelFile model, TokenizerData tokenizer, SamplingAdvice sampling, List<Finding> warnings) {
    private static final String TEMPLATE = "tokenizer.chat_template";

    CheckedModel {
        warnings = List.copyOf(warnings);
    }

    /**
     * Checks a file.
     *
     * @param trial sees whether the tokenizer can be built
     * @throws dev.quern.gguf.GgufException with all that was found, if it is refused
     */
    static CheckedModel of(ByteSource source, TokenizerTrial trial) {
        var findings = new Findings();
        Optional<GgufFile> file = ModelFile.container(source, findings);
        Optional<CheckedModel> checked = file.isPresent() ? of(file.get(), trial, findings) : Optional.empty();
        findings.throwIfErrors();
        return checked.orElseThrow();
    }

    /**
     * Checks a container.
     *
     * @param trial sees whether the tokenizer can be built
     * @param findings takes all that is wrong or odd
     * @return nothing if the file is refused
     */
    static Optional<CheckedModel> of(GgufFile file, TokenizerTrial trial, Findings findings) {
        Optional<ModelFile> model = ModelFile.of(file, findings);
        int vocabulary = model.map(each -> each.sizes().vocabulary()).orElse(0);
        Optional<TokenizerData> tokenizer = findings.step(own -> tokenizer(file, vocabulary, own));
        // The trial may wait, and must not stand behind the platform's functional interfaces.
        if (tokenizer.isEmpty() || !passes(file, trial.of(tokenizer.get()), findings)) {
            return Optional.empty();
        }
        SamplingAdvice sampling = SamplingKeys.read(file.metadata(), findings);
        return model.map(each -> new CheckedModel(each, tokenizer.get(), sampling, findings.warnings()));
    }

    private static TokenizerData tokenizer(GgufFile file, int vocabulary, Findings findings) {
        try {
            return TokenizerConversion.padded(TokenizerConversion.read(file, findings), vocabulary);
        } catch (TokenizerException refusal) {
            passes(file, TokenizerTrial.Outcome.refused(refusal), findings);
            findings.throwIfErrors();
            throw refusal;
        }
    }

    /** Takes what came of the trial into the findings; whether there can be a tokenizer. */
    private static boolean passes(GgufFile file, TokenizerTrial.Outcome outcome, Findings findings) {
        outcome.refusal()
                .ifPresent(refusal -> findings.error(
                        refusal.key().map(file.metadata()::where).orElse(ModelVerifier.TOKENIZER), refusal.message()));
        outcome.warnings().forEach(warning -> findings.warning(ModelVerifier.TOKENIZER, warning));
        outcome.template()
                .ifPresent(problem -> findings.warning(
                        file.metadata().where(TEMPLATE),
                        "Chats cannot be put into this template, but text can be continued: " + problem));
        return outcome.refusal().isEmpty();
    }
}
