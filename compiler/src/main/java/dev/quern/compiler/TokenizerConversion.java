package dev.quern.compiler;

import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufTokenizer;
import dev.quern.gguf.GgufValue;
import dev.quern.text.SpecialRole;
import dev.quern.text.SpecialTokens;
import dev.quern.text.TokenText;
import dev.quern.text.TokenType;
import dev.quern.text.TokenizerData;
import dev.quern.text.TokenizerException;
import dev.quern.text.TokenizerModel;
import dev.quern.text.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tokenizer of a model file, in the form that a bundle carries. */
public final class TokenizerConversion {
    private static final String KIND = "tokenizer.ggml.model";

    private TokenizerConversion() {}

    /**
     * The tokenizer of a file, whatever model the rest of the file describes; tensors are not looked at.
     *
     * @param findings takes what is odd
     * @throws dev.quern.gguf.GgufException if the file has no tokenizer, or its data is broken
     * @throws dev.quern.text.TokenizerException if the kind of tokenizer is not supported
     */
    public static TokenizerData read(GgufFile file, Findings findings) {
        // Other kinds have other data; their name is a better reason than what of it is missing.
        TokenizerModel model = TokenizerModel.ofGgufName(file.metadata()
                .findString(KIND)
                .orElseThrow(
                        () -> new TokenizerException("The file has no tokenizer: the key " + KIND + " is missing.")));
        GgufTokenizer tokenizer = GgufTokenizer.read(file, findings);
        String name = file.metadata()
                .find("general.name")
                .filter(GgufValue.StringValue.class::isInstance)
                .map(value -> ((GgufValue.StringValue) value).value().text())
                .orElse(null);
        return convert(model, tokenizer, name);
    }

    /**
     * The same with so many tokens at least: a model may compute logits for more, so that their number is round. The
     * further ones stand for no text, under the names that converters give them.
     */
    static TokenizerData padded(TokenizerData data, int size) {
        Vocabulary vocabulary = data.vocabulary();
        if (vocabulary.size() >= size) {
            return data;
        }
        List<String> texts = new ArrayList<>(size);
        float[] scores = new float[size];
        int[] types = new int[size];
        for (int id = 0; id < size; id++) {
            boolean known = id < vocabulary.size();
            texts.add(known ? vocabulary.text(id) : "[PAD" + id + "]");
            scores[id] = known ? vocabulary.score(id) : 0;
            types[id] = (known ? vocabulary.type(id) : TokenType.UNUSED).code();
        }
        return new TokenizerData(
                data.model(),
                data.pre(),
                Vocabulary.of(texts, scores, types),
                data.merges(),
                data.special(),
                data.addBos(),
                data.addEos(),
                data.addSpacePrefix(),
                data.chatTemplate(),
                data.modelName());
    }

    private static TokenizerData convert(TokenizerModel model, GgufTokenizer tokenizer, @Nullable String modelName) {
        int size = tokenizer.size();
        List<String> texts = new ArrayList<>(size);
        for (int id = 0; id < size; id++) {
            texts.add(TokenText.decode(tokenizer.tokens().at(id).bytes()));
        }
        float[] scores = new float[size];
        int[] types = new int[size];
        Arrays.fill(types, TokenType.NORMAL.code());
        for (int id = 0; id < size; id++) {
            if (tokenizer.scores().isPresent()) {
                scores[id] = (float) tokenizer.scores().get().numberAt(id);
            }
            if (tokenizer.types().isPresent()) {
                types[id] = type(tokenizer.types().get().integerAt(id));
            }
        }
        List<String> merges = new ArrayList<>();
        if (tokenizer.merges().isPresent()) {
            GgufValue.StringArray all = tokenizer.merges().get();
            for (int rank = 0; rank < all.length(); rank++) {
                merges.add(TokenText.decode(all.at(rank).bytes()));
            }
        }
        return new TokenizerData(
                model,
                tokenizer.pre().orElse(null),
                Vocabulary.of(texts, scores, types),
                merges,
                special(tokenizer),
                tokenizer.addBegin().orElse(null),
                tokenizer.addEnd().orElse(null),
                tokenizer.addSpacePrefix().orElse(null),
                tokenizer.chatTemplate().orElse(null),
                modelName);
    }

    /** Numbers that are no type, of which the reader warned, count as undefined. */
    private static int type(long number) {
        return number >= 0 && number <= TokenType.BYTE.code() ? (int) number : TokenType.UNDEFINED.code();
    }

    private static SpecialTokens special(GgufTokenizer tokenizer) {
        SpecialTokens special = SpecialTokens.NONE;
        for (Map.Entry<SpecialRole, Integer> entry : tokenizer.specialTokens().entrySet()) {
            special = special.with(entry.getKey(), entry.getValue());
        }
        return special;
    }
}
