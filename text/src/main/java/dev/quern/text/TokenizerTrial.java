package dev.quern.text;

import java.util.List;
import java.util.Optional;

/**
 * Sees whether the tokenizer and the chat template of a model can be built of their data: before any weight is read,
 * and wherever the code that builds them is. {@link dev.quern.text.chat.BuildingTrial} builds them in this program; a
 * page's compiler asks the engine beside it.
 */
@FunctionalInterface
public interface TokenizerTrial {
    /** Tries the data. */
    Outcome of(TokenizerData data);

    /**
     * What came of it.
     *
     * @param refusal why there can be no tokenizer
     * @param warnings what is odd about the tokenizer and does no harm; sentences
     * @param template why no chats can be put into the template; of a tokenizer that is refused, it is not looked at
     */
    record Outcome(Optional<Refusal> refusal, List<String> warnings, Optional<String> template) {
        /** Copies the warnings. */
        public Outcome {
            warnings = List.copyOf(warnings);
        }

        /** A tokenizer that cannot be. */
        public static Outcome refused(TokenizerException problem) {
            return new Outcome(
                    Optional.of(new Refusal(problem.key(), String.valueOf(problem.getMessage()))),
                    List.of(),
                    Optional.empty());
        }
    }

    /**
     * Why there can be no tokenizer.
     *
     * @param key the key of the model file whose value is refused, where it is one
     * @param message a sentence for people
     */
    record Refusal(Optional<String> key, String message) {}
}
