package dev.quern.gguf.architecture;

import dev.quern.gguf.GgufValue;
import dev.quern.gguf.GgufValue.BooleanValue;
import dev.quern.gguf.GgufValue.FloatValue;
import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.GgufValue.StringValue;
import java.util.List;

/**
 * A key of the metadata and what becomes of it.
 *
 * @param scope where the key stands
 * @param ending the key without the scope's prefix
 * @param treatment what becomes of it
 * @param neutral the values that are the same as no key; only where others are refused or warned of
 * @param reason what is done with it, or what another value would do, or why it does nothing: no sentence
 */
public record KnownKey(Scope scope, String ending, Treatment treatment, List<String> neutral, String reason) {
    /** Copies the values. */
    public KnownKey {
        neutral = List.copyOf(neutral);
    }

    /** The parts of the metadata. */
    public enum Scope {
        /** Keys that begin with the name of the architecture. */
        MODEL,
        /** Keys of the tokenizer. */
        TOKENIZER,
        /** Keys about the file as a whole. */
        GENERAL,
        /** Keys of models in several files. */
        SPLIT;

        /** What keys begin with, in a file of that architecture. */
        public String prefix(String architecture) {
            return switch (this) {
                case MODEL -> architecture + ".";
                case TOKENIZER -> "tokenizer.";
                case GENERAL -> "general.";
                case SPLIT -> "split.";
            };
        }
    }

    /** What becomes of a key. */
    public enum Treatment {
        /** Its value takes part. */
        HEEDED,
        /** The file is refused where the value is none of the neutral ones. */
        REFUSED,
        /** The file is used, with a warning where the value is none of the neutral ones. */
        WARNED,
        /** It changes nothing of what is computed. */
        HARMLESS
    }

    /** The key in a file of that architecture. */
    public String key(String architecture) {
        return scope.prefix(architecture) + ending;
    }

    /** Whether a value is the same as no key: one of the neutral ones, or an array of nothing else. */
    boolean isNeutral(GgufValue value) {
        return switch (value) {
            case BooleanValue bool -> neutral.contains(String.valueOf(bool.value()));
            case IntegerValue integer -> isNeutral(integer.toDouble());
            case FloatValue number -> isNeutral(number.value());
            case StringValue string -> neutral.contains(string.value().text());
            case StringArray strings -> strings.length() == 0;
            case NumberArray numbers -> {
                boolean all = true;
                for (int index = 0; index < numbers.length(); index++) {
                    all &= isNeutral(numbers.numberAt(index));
                }
                yield all;
            }
        };
    }

    private boolean isNeutral(double number) {
        return number == (int) number && neutral.contains(String.valueOf((int) number));
    }
}
