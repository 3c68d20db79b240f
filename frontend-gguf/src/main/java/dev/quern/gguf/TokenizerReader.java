package dev.quern.gguf;

import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.text.SpecialRole;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Reads tokenizer data out of metadata and checks it. */
final class TokenizerReader {
    private static final String MODEL = "tokenizer.ggml.model";
    private static final String PRE = "tokenizer.ggml.pre";
    private static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String SCORES = "tokenizer.ggml.scores";
    private static final String TYPES = "tokenizer.ggml.token_type";
    private static final String MERGES = "tokenizer.ggml.merges";
    private static final String TEMPLATE = "tokenizer.chat_template";
    private static final String NAMED_TEMPLATE_PREFIX = TEMPLATE + ".";

    private static final String SENTENCE_PIECE = "llama";
    private static final String BYTE_PAIRS = "gpt2";

    private static final int LONGEST_TOKEN_BYTES = 1 << 16;
    private static final int LONGEST_TEMPLATE_BYTES = 1 << 20;
    private static final int LOWEST_TYPE = 1;
    private static final int HIGHEST_TYPE = 6;

    private final GgufMetadata metadata;
    private final Findings findings;

    TokenizerReader(GgufMetadata metadata, Findings findings) {
        this.metadata = metadata;
        this.findings = findings;
    }

    GgufTokenizer read() {
        String model = findings.attempt(() -> metadata.requireString(MODEL)).orElse("");
        Optional<String> pre = attempt(() -> metadata.findString(PRE));
        StringArray tokens = readTokens();
        // Byte pairs merge by rank: what stands there as scores is never looked at.
        Optional<NumberArray> scores = model.equals(BYTE_PAIRS) ? Optional.empty() : readScores(model, tokens.length());
        Optional<NumberArray> types = attempt(() -> metadata.findIntegers(TYPES));
        types.ifPresent(each -> checkTypes(each, tokens.length()));
        Optional<StringArray> merges = readMerges(model);
        Map<SpecialRole, Integer> special = readSpecialTokens(tokens.length());
        Optional<Boolean> addBegin = readBoolean("add_bos_token");
        Optional<Boolean> addEnd = readBoolean("add_eos_token");
        Optional<Boolean> addSpacePrefix = readBoolean("add_space_prefix");
        Optional<String> template = readTemplate(TEMPLATE);
        Map<String, String> named = readNamedTemplates();
        findings.throwIfErrors();
        return new GgufTokenizer(
                model, pre, tokens, scores, types, merges, special, addBegin, addEnd, addSpacePrefix, template, named);
    }

    private <T> Optional<T> attempt(Supplier<Optional<T>> step) {
        return findings.attempt(step).flatMap(found -> found);
    }

    private Optional<NumberArray> readScores(String model, int tokens) {
        Optional<NumberArray> found = attempt(() -> metadata.findNumbers(SCORES));
        if (found.isEmpty()) {
            if (model.equals(SENTENCE_PIECE) && !metadata.contains(SCORES)) {
                findings.warning(
                        "key " + Quote.of(SCORES),
                        "The key is missing. Tokenizers of model 'llama' choose by scores; all tokens count alike.");
            }
            return found;
        }
        NumberArray scores = found.get();
        requireOnePerToken(SCORES, scores.length(), tokens);
        for (int id = 0; id < Math.min(tokens, scores.length()); id++) {
            double score = scores.numberAt(id);
            if (!Float.isFinite((float) score)) {
                findings.error(
                        metadata.where(SCORES),
                        "The score of token " + id + " is " + score + "; a finite number is expected.");
                break;
            }
        }
        return found;
    }

    private StringArray readTokens() {
        var none = StringArray.of(new GgufString[0]);
        Optional<StringArray> found = attempt(() -> metadata.findStrings(TOKENS));
        if (found.isEmpty()) {
            if (!metadata.contains(TOKENS)) {
                findings.add(missing(TOKENS, "A tokenizer has tokens"));
            }
            return none;
        }
        StringArray tokens = found.get();
        if (tokens.length() == 0) {
            findings.error(metadata.where(TOKENS), "There are no tokens.");
        }
        checkTokens(tokens);
        return tokens;
    }

    private void checkTokens(StringArray tokens) {
        int empty = 0;
        for (int id = 0; id < tokens.length(); id++) {
            if (tokens.bytesAt(id) > LONGEST_TOKEN_BYTES) {
                findings.error(
                        metadata.where(TOKENS),
                        "Token " + id + " has " + tokens.bytesAt(id) + " bytes, but " + LONGEST_TOKEN_BYTES
                                + " is the limit.");
            }
            empty += tokens.bytesAt(id) == 0 ? 1 : 0;
        }
        if (empty > 0) {
            findings.warning(metadata.where(TOKENS), "There are " + empty + " empty tokens.");
        }
    }

    private void requireOnePerToken(String key, int length, int tokens) {
        if (length < tokens) {
            findings.error(
                    metadata.where(key),
                    "There must be one value for each of " + tokens + " tokens, but there are " + length + ".");
        } else if (length > tokens) {
            findings.warning(
                    metadata.where(key),
                    "There are " + length + " values for " + tokens + " tokens; those behind the last token are not"
                            + " used.");
        }
    }

    private void checkTypes(NumberArray types, int tokens) {
        requireOnePerToken(TYPES, types.length(), tokens);
        for (int id = 0; id < Math.min(tokens, types.length()); id++) {
            long type = types.integerAt(id);
            if (type < LOWEST_TYPE || type > HIGHEST_TYPE) {
                findings.warning(
                        metadata.where(TYPES),
                        "Token " + id + " has type " + type + ", but types are numbered " + LOWEST_TYPE + " to "
                                + HIGHEST_TYPE + "; such tokens stand for no text.");
                return;
            }
        }
    }

    private Optional<StringArray> readMerges(String model) {
        Optional<StringArray> merges = attempt(() -> metadata.findStrings(MERGES));
        if (merges.isEmpty()) {
            if (model.equals(BYTE_PAIRS) && !metadata.contains(MERGES)) {
                findings.add(missing(MERGES, "Tokenizers of model 'gpt2' work by merges"));
            }
            return merges;
        }
        for (int i = 0; i < merges.get().length(); i++) {
            byte[] merge = merges.get().at(i).bytes();
            int space = 1;
            while (space < merge.length && merge[space] != ' ') {
                space++;
            }
            if (space >= merge.length - 1) {
                findings.error(
                        metadata.where(MERGES),
                        "Merge " + i + " is " + merges.get().at(i) + ", but must be two parts with a space between.");
                break;
            }
        }
        return merges;
    }

    private Map<SpecialRole, Integer> readSpecialTokens(int tokens) {
        var ids = new EnumMap<SpecialRole, Integer>(SpecialRole.class);
        for (SpecialRole role : SpecialRole.values()) {
            Optional<GgufMetadata.Entry> entry = metadata.entry(role.ggufKey());
            if (entry.isEmpty()) {
                continue;
            }
            if (!(entry.get().value() instanceof IntegerValue id)) {
                GgufMetadata.wrongType(entry.get(), "an integer").findings().forEach(findings::add);
            } else if (id.value() >= 0 && id.value() < tokens) {
                ids.put(role, (int) id.value());
            } else {
                findings.warning(
                        entry.get().where(),
                        "The value must be the number of a token, 0 to " + (tokens - 1) + ", but is " + id.describe()
                                + ". It is ignored, as if the key were missing.");
            }
        }
        return ids;
    }

    private Optional<Boolean> readBoolean(String ending) {
        return attempt(() -> metadata.findBoolean("tokenizer.ggml." + ending));
    }

    private Optional<String> readTemplate(String key) {
        Optional<GgufValue> value = metadata.find(key);
        if (value.isPresent()
                && value.get() instanceof GgufValue.StringValue string
                && string.value().length() > LONGEST_TEMPLATE_BYTES) {
            findings.error(
                    metadata.where(key),
                    "The chat template has " + string.value().length() + " bytes, but " + LONGEST_TEMPLATE_BYTES
                            + " is the limit.");
            return Optional.empty();
        }
        return attempt(() -> metadata.findString(key));
    }

    private Map<String, String> readNamedTemplates() {
        var named = new TreeMap<String, String>();
        for (GgufMetadata.Entry entry : metadata.entries()) {
            if (entry.key().startsWith(NAMED_TEMPLATE_PREFIX)) {
                readTemplate(entry.key())
                        .ifPresent(text -> named.put(entry.key().substring(NAMED_TEMPLATE_PREFIX.length()), text));
            }
        }
        return named;
    }

    private static Finding missing(String key, String why) {
        return Finding.error("key " + Quote.of(key), "The key is missing. " + why + ".");
    }
}
