package dev.quern.gguf;

import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.text.SpecialRole;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The tokenizer data of a file, checked but not interpreted: which rules the model's name stands for is known
 * elsewhere.
 *
 * <p>Tokens and merges are bytes ({@link StringArray#at(int)}); a token that is no UTF-8 keeps its bytes. What the file
 * leaves open is empty here, for defaults depend on the model.
 *
 * @param model {@code tokenizer.ggml.model}: {@code llama} for SPM, {@code gpt2} for byte-level BPE, …
 * @param pre {@code tokenizer.ggml.pre}: how text is split before BPE
 * @param tokens the tokens by id
 * @param scores SPM's scores by id, one for each token or more; byte pairs have none
 * @param types the types by id, one for each token or more, of which other numbers than these are possible: 1 normal, 2
 *     unknown, 3 control, 4 user-defined, 5 unused, 6 byte
 * @param merges BPE's merges, best first; each is two parts with a space between, the space searched from index 1 on
 * @param specialTokens the ids of special tokens, all within the vocabulary; others are left out with a warning
 * @param addBegin whether texts begin with {@link SpecialRole#BEGIN_OF_SEQUENCE}
 * @param addEnd whether texts end with {@link SpecialRole#END_OF_SEQUENCE}
 * @param addSpacePrefix whether SPM puts a space before texts
 * @param chatTemplate the template that makes a text of a conversation
 * @param namedTemplates further templates by name, such as one for calling tools
 */
public record GgufTokenizer(
        String model,
        Optional<String> pre,
        StringArray tokens,
        Optional<NumberArray> scores,
        Optional<NumberArray> types,
        Optional<StringArray> merges,
        Map<SpecialRole, Integer> specialTokens,
        Optional<Boolean> addBegin,
        Optional<Boolean> addEnd,
        Optional<Boolean> addSpacePrefix,
        Optional<String> chatTemplate,
        Map<String, String> namedTemplates) {
    /** Copies the maps, keeping a definite order. */
    public GgufTokenizer {
        var ids = new EnumMap<SpecialRole, Integer>(SpecialRole.class);
        ids.putAll(specialTokens);
        specialTokens = Collections.unmodifiableMap(ids);
        namedTemplates = Collections.unmodifiableMap(new TreeMap<>(namedTemplates));
    }

    /**
     * Reads and checks the tokenizer data of a file.
     *
     * @param findings takes what is odd
     * @throws GgufException with all that is wrong
     */
    public static GgufTokenizer read(GgufFile file, Findings findings) {
        return new TokenizerReader(file.metadata(), findings).read();
    }

    /** The number of tokens. */
    public int size() {
        return tokens.length();
    }

    /** The id of a special token, if the file names one. */
    public OptionalInt special(SpecialRole role) {
        Integer id = specialTokens.get(role);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }
}
