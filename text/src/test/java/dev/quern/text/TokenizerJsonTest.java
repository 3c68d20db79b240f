package dev.quern.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerJsonTest {
    private static final String SMALL =
            "{\"model\":\"gpt2\",\"pre\":\"gpt-2\",\"tokens\":[\"a\",\"b\",\"ab\"],\"types\":[1,2,3,1],"
                    + "\"merges\":[\"a b\"],\"special\":{\"bos_token_id\":2},\"add_bos_token\":true}";

    @Provide
    Arbitrary<TokenizerData> data() {
        Arbitrary<String> token = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(6),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(5).map(TokenText::decode));
        Arbitrary<List<String>> tokens = token.list().ofMinSize(1).ofMaxSize(12);
        Arbitrary<@Nullable String> text = Arbitraries.strings().ofMaxLength(20).injectNull(0.3);
        Arbitrary<@Nullable Boolean> flag = Arbitraries.of(true, false).injectNull(0.4);
        return Combinators.combine(tokens, Arbitraries.longs(), text, flag, flag, flag, text)
                .as((texts, seed, pre, bos, eos, prefix, template) -> new TokenizerData(
                        TokenizerModel.SENTENCE_PIECE,
                        pre,
                        vocabulary(texts, seed),
                        List.of("a b", "\u0120 \u0120", " x y"),
                        special(seed),
                        bos,
                        eos,
                        prefix,
                        template,
                        pre));
    }

    private static SpecialTokens special(long seed) {
        SpecialTokens special = SpecialTokens.NONE;
        Random random = new Random(seed);
        for (SpecialRole role : SpecialRole.values()) {
            if (random.nextBoolean()) {
                special = special.with(role, random.nextInt(Integer.MAX_VALUE));
            }
        }
        return special;
    }

    private static Vocabulary vocabulary(List<String> texts, long seed) {
        Random random = new Random(seed);
        float[] scores = new float[texts.size()];
        int[] types = new int[texts.size()];
        for (int id = 0; id < scores.length; id++) {
            float any = Float.intBitsToFloat(random.nextInt());
            scores[id] = seed % 3 == 0 ? 0 : Float.isFinite(any) && random.nextBoolean() ? any : -id;
            types[id] = random.nextInt(7);
        }
        return Vocabulary.of(texts, scores, types);
    }

    @Property(tries = 500)
    void readsWhatItWrites(@ForAll("data") TokenizerData data) {
        String json = TokenizerJson.write(data);
        byte[] stored = json.getBytes(StandardCharsets.UTF_8);
        TokenizerData back = TokenizerJson.read(new String(stored, StandardCharsets.UTF_8));
        assertEquals(data, back);
        assertEquals(json, TokenizerJson.write(back));
    }

    @Property(tries = 500)
    void tokensOfAnyBytesKeepTheirBytes(@ForAll byte[] bytes) {
        byte[] back = TokenText.bytes(TokenText.decode(bytes));
        assertEquals(hex(bytes), hex(back));
    }

    private static List<Byte> hex(byte[] bytes) {
        List<Byte> values = new ArrayList<>();
        for (byte value : bytes) {
            values.add(value);
        }
        return values;
    }

    @Test
    void readsTheSmallExample() {
        TokenizerData data = TokenizerJson.read(SMALL);
        assertEquals(TokenType.CONTROL, data.vocabulary().type(2));
        assertEquals(2, data.special().id(SpecialRole.BEGIN_OF_SEQUENCE));
        assertEquals(SMALL, TokenizerJson.write(data));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\0',
            value = {
                "{\"model\" ~ [{\"model\" ~ not a JSON object",
                "\"gpt2\" ~ 7 ~ \"model\" in tokenizer.json is 7; a string is expected",
                "\"gpt2\" ~ \"bert\" ~ does not implement",
                "\"model\":\"gpt2\", ~  ~ no \"model\"",
                "\"pre\" ~ \"pro\" ~ the key \"pro\"",
                "[\"a\",\"b\",\"ab\"] ~ {} ~ \"tokens\" in tokenizer.json is an object of 0 keys; an array is expected",
                "[\"a\",\"b\",\"ab\"] ~ [\"a\",null] ~ \"tokens[1]\"",
                "[\"a\",\"b\",\"ab\"] ~ [] ~ at most 0",
                "[1,2,3,1] ~ [1,2] ~ types to 2 tokens, but there are 3",
                "[1,2,3,1] ~ [1,4] ~ at most 3",
                "[1,2,3,1] ~ [1] ~ pairs",
                "[1,2,3,1] ~ [9,3] ~ Token type 9",
                "[1,2,3,1] ~ [1,2.5] ~ \"types[1]\" in tokenizer.json is 2.5; a whole number is expected",
                "\"a b\" ~ \"ab\" ~ Merge 0",
                "{\"bos_token_id\":2} ~ 2 ~ \"special\"",
                "\"bos_token ~ \"boss_token ~ names a role that is unknown",
                ":2} ~ :-3} ~ not negative",
                "true ~ 1 ~ true or false",
                "\"merges\" ~ \"scores\":[1],\"merges\" ~ 1 scores"
            })
    void refusesOtherShapesWithASentence(String part, @Nullable String replacement, String expected) {
        String json = SMALL.replace(part, replacement == null ? "" : replacement);
        String message = String.valueOf(assertThrows(TokenizerException.class, () -> TokenizerJson.read(json))
                .getMessage());
        assertTrue(message.contains(expected), message);
    }
}
