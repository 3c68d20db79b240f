package dev.quern.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the metadata of trusted GGUF files, version 2 or 3, as far as tests of tokenizers need it. */
public final class GgufMetadata {
    private final ByteBuffer bytes;
    private final Map<String, Object> values = new LinkedHashMap<>();

    private GgufMetadata(ByteBuffer bytes) {
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(16);
        long count = bytes.getLong();
        for (long index = 0; index < count; index++) {
            String key = string();
            values.put(key, value(bytes.getInt()));
        }
    }

    /** The tokenizer's data of a file. */
    public static TokenizerData tokenizer(Path file) throws IOException {
        return new GgufMetadata(ByteBuffer.wrap(Files.readAllBytes(file))).tokenizer();
    }

    private String string() {
        byte[] text = new byte[Math.toIntExact(bytes.getLong())];
        bytes.get(text);
        return TokenText.decode(text);
    }

    private Object value(int type) {
        return switch (type) {
            case 0, 1 -> (int) bytes.get();
            case 2, 3 -> (int) bytes.getShort();
            case 4, 5 -> bytes.getInt();
            case 6 -> bytes.getFloat();
            case 7 -> bytes.get() != 0;
            case 8 -> string();
            case 9 -> array();
            case 10, 11 -> bytes.getLong();
            case 12 -> bytes.getDouble();
            default -> throw new IllegalArgumentException("value type " + type);
        };
    }

    private List<Object> array() {
        int type = bytes.getInt();
        long count = bytes.getLong();
        List<Object> elements = new ArrayList<>();
        for (long index = 0; index < count; index++) {
            elements.add(value(type));
        }
        return elements;
    }

    private TokenizerData tokenizer() {
        List<String> tokens = strings("tokenizer.ggml.tokens");
        float[] scores = new float[tokens.size()];
        int[] types = new int[tokens.size()];
        Arrays.fill(types, TokenType.NORMAL.code());
        List<Object> givenScores = list("tokenizer.ggml.scores");
        for (int id = 0; id < givenScores.size(); id++) {
            scores[id] = (Float) givenScores.get(id);
        }
        List<Object> givenTypes = list("tokenizer.ggml.token_type");
        for (int id = 0; id < givenTypes.size(); id++) {
            types[id] = (Integer) givenTypes.get(id);
        }
        SpecialTokens special = SpecialTokens.NONE;
        for (SpecialRole role : SpecialRole.values()) {
            if (values.get(role.ggufKey()) instanceof Integer id) {
                special = special.with(role, id);
            }
        }
        return new TokenizerData(
                TokenizerModel.ofGgufName((String) values.getOrDefault("tokenizer.ggml.model", "none")),
                (String) values.get("tokenizer.ggml.pre"),
                Vocabulary.of(tokens, scores, types),
                strings("tokenizer.ggml.merges"),
                special,
                flag("add_bos_token"),
                flag("add_eos_token"),
                flag("add_space_prefix"),
                (String) values.get("tokenizer.chat_template"),
                (String) values.get("general.name"));
    }

    private @Nullable Boolean flag(String key) {
        return (Boolean) values.get("tokenizer.ggml." + key);
    }

    @SuppressWarnings("unchecked")
    private List<Object> list(String key) {
        return (List<Object>) values.getOrDefault(key, List.of());
    }

    private List<String> strings(String key) {
        List<String> strings = new ArrayList<>();
        for (Object element : list(key)) {
            strings.add((String) element);
        }
        return strings;
    }
}
