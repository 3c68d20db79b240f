package dev.quern.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A vocabulary after the rules that apply to every kind of tokenizer: special roles with their defaults, roles and ends
 * of generation that are known by a token's text alone, and types that the text overrides. Files are often silent or
 * wrong on these points; the rules are those of llama.cpp, against which files are tried before they are published.
 */
final class TokenTable {
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 4;
    static final int USER_DEFINED = 8;
    static final int BYTE = 16;
    /** White space after the token belongs to it, when the token is found in text. */
    static final int TRIMS_AFTER = 32;
    /**
     * The file says that the token steers the model, or its text does, although it may be shown and found as text is.
     */
    static final int STEERS = 64;

    private final List<String> texts;
    private final int[] flags;
    private final TokenIndex index;
    private final SpecialTokens roles;
    private final boolean[] ends;
    private final List<String> warnings = new ArrayList<>();

    /** @param defaults the ids that hold for roles of which the file says nothing, if the vocabulary is large enough */
    TokenTable(TokenizerData data, SpecialTokens defaults) {
        Vocabulary vocabulary = data.vocabulary();
        int size = vocabulary.size();
        texts = new ArrayList<>(size);
        flags = new int[size];
        ends = new boolean[size];
        for (int id = 0; id < size; id++) {
            String text = vocabulary.text(id);
            texts.add(text.isEmpty() ? "[EMPTY_" + id + "]" : text);
            flags[id] = flag(vocabulary.type(id));
        }
        index = new TokenIndex(texts);
        warnOfDuplicates();
        roles = findRolesByText(resolveRoles(data.special(), defaults));
        findEnds();
        if (namesPhi3(data.modelName())) {
            trimAfterSpecialTokens();
        }
    }

    int size() {
        return flags.length;
    }

    String text(int id) {
        return texts.get(id);
    }

    TokenIndex index() {
        return index;
    }

    boolean is(int id, int anyOf) {
        return (flags[id] & anyOf) != 0;
    }

    int role(SpecialRole role) {
        return roles.id(role);
    }

    boolean ends(int id) {
        return id >= 0 && id < ends.length && ends[id];
    }

    int[] ends() {
        IntBuffer ids = new IntBuffer();
        for (int id = 0; id < ends.length; id++) {
            if (ends[id]) {
                ids.add(id);
            }
        }
        return ids.toArray();
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** The byte that a token of the form {@code <0xHH>} stands for, or -1. */
    static int hexByte(String text) {
        if (text.length() != 6 || !text.startsWith("<0x") || text.charAt(5) != '>') {
            return -1;
        }
        int high = Character.digit(text.charAt(3), 16);
        int low = Character.digit(text.charAt(4), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static int flag(TokenType type) {
        return switch (type) {
            case NORMAL -> NORMAL;
            case UNKNOWN -> UNKNOWN;
            case CONTROL -> CONTROL | STEERS;
            case USER_DEFINED -> USER_DEFINED;
            case BYTE -> BYTE;
            case UNUSED, UNDEFINED -> 0;
        };
    }

    private void warnOfDuplicates() {
        int duplicates = 0;
        String first = "";
        for (int id = 0; id < texts.size(); id++) {
            int lower = index.find(texts.get(id));
            if (lower != id && duplicates++ == 0) {
                first = "tokens " + lower + " and " + id + " are both \"" + texts.get(id) + "\"";
            }
        }
        if (duplicates > 0) {
            warn("There are " + duplicates + " tokens that were there before: " + first
                    + ". Encoding uses the lower number.");
        }
    }

    private SpecialTokens resolveRoles(SpecialTokens special, SpecialTokens defaults) {
        SpecialTokens resolved = SpecialTokens.NONE;
        for (SpecialRole role : SpecialRole.values()) {
            int fallback = defaults.id(role) < size() ? defaults.id(role) : SpecialTokens.ABSENT;
            int id = special.id(role);
            if (id >= size()) {
                warn(role.ggufKey() + " is " + id + ", but the vocabulary has only " + size()
                        + " tokens; the id is not used.");
                id = SpecialTokens.ABSENT;
            }
            resolved = resolved.with(role, id == SpecialTokens.ABSENT ? fallback : id);
        }
        return resolved;
    }

    private SpecialTokens findRolesByText(SpecialTokens given) {
        SpecialTokens found = given;
        for (SpecialRole role : SpecialRole.values()) {
            if (found.has(role)) {
                continue;
            }
            int lowest = SpecialTokens.ABSENT;
            for (String text : KnownTokens.of(role)) {
                int id = index.find(text);
                if (id != TokenIndex.MISSING && (lowest == SpecialTokens.ABSENT || id < lowest)) {
                    lowest = id;
                }
            }
            if (lowest != SpecialTokens.ABSENT) {
                found = found.with(role, lowest);
                makeControl(lowest);
            }
        }
        return found;
    }

    private void findEnds() {
        for (SpecialRole role : KnownTokens.ENDING_ROLES) {
            if (role(role) != SpecialTokens.ABSENT) {
                ends[role(role)] = true;
            }
        }
        for (String text : KnownTokens.ENDS) {
            int id = index.find(text);
            if (id != TokenIndex.MISSING) {
                ends[id] = true;
                makeControl(id);
            }
        }
        for (String text : KnownTokens.ALWAYS_SHOWN) {
            int id = index.find(text);
            if (id != TokenIndex.MISSING) {
                show(id);
            }
        }
        // Where a model has its own ends, the general one only closes a part of the answer.
        boolean call = endsWith("<|call|>") || endsWith("<|calls|>");
        if (call && (endsWith("<|return|>") || endsWith("<|flush|>")) && endsWith("<|end|>")) {
            int end = index.find("<|end|>");
            ends[end] = false;
            show(end);
        }
        if (endsWith("<|tool_response>") && endsWith("</s>")) {
            int end = index.find("</s>");
            ends[end] = false;
            flags[end] = NORMAL;
        }
    }

    private void show(int id) {
        flags[id] = USER_DEFINED | (flags[id] & STEERS);
    }

    private boolean endsWith(String text) {
        return ends(index.find(text));
    }

    private void makeControl(int id) {
        if (!is(id, CONTROL)) {
            warn("Token " + id + " (\"" + texts.get(id)
                    + "\") is not marked as a control token, but its text is one; it is treated as one.");
            flags[id] |= CONTROL | STEERS;
        }
    }

    private static boolean namesPhi3(@Nullable String modelName) {
        if (modelName == null) {
            return false;
        }
        StringBuilder lower = new StringBuilder(modelName.length());
        for (int at = 0; at < modelName.length(); at++) {
            char unit = modelName.charAt(at);
            lower.append(unit >= 'A' && unit <= 'Z' ? (char) (unit + 32) : unit);
        }
        return lower.indexOf("phi-3") >= 0 || lower.indexOf("phi3") >= 0;
    }

    private void trimAfterSpecialTokens() {
        List<String> except = Arrays.asList("<unk>", "<s>", "<|endoftext|>");
        for (int id = 0; id < size(); id++) {
            if (is(id, CONTROL | USER_DEFINED | UNKNOWN) && !except.contains(texts.get(id))) {
                flags[id] |= TRIMS_AFTER;
            }
        }
    }
}
