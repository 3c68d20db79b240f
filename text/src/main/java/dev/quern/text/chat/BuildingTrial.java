package dev.quern.text.chat;

import dev.quern.text.TokenizerData;
import dev.quern.text.TokenizerException;
import dev.quern.text.TokenizerTrial;
import dev.quern.text.Tokenizers;
import java.util.List;
import java.util.Optional;

/** Builds the tokenizer and reads the template, as the engine will when the model runs. */
public final class BuildingTrial implements TokenizerTrial {
    @Override
    public Outcome of(TokenizerData data) {
        List<String> warnings;
        try {
            warnings = Tokenizers.of(data).warnings();
        } catch (TokenizerException problem) {
            return Outcome.refused(problem);
        }
        return new Outcome(Optional.empty(), warnings, problem(data));
    }

    private static Optional<String> problem(TokenizerData data) {
        String template = data.chatTemplate();
        if (template == null) {
            return Optional.empty();
        }
        try {
            ChatTemplate.parse(template);
            return Optional.empty();
        } catch (ChatTemplateException problem) {
            return Optional.of(String.valueOf(problem.getMessage()));
        }
    }
}
