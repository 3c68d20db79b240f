package dev.quern.text.chat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The roles of messages that a template knows. Templates make tokens of them, as in {@code '<|' + message.role + '|>'}:
 * of what a request holds they alone may become part of a token. So a role is taken for the template's own word where
 * it is one: a word, and one that the template spells or that all chats have.
 */
final class Roles {
    private static final List<String> COMMON = List.of("system", "developer", "user", "assistant", "tool", "function");

    private final Set<String> known = new HashSet<>(COMMON);

    /** What a template of these tokens knows. */
    Roles(List<Token> tokens) {
        for (Token token : tokens) {
            if (token.kind() == Token.Kind.STRING && isWord(token.text())) {
                known.add(token.text());
            }
        }
    }

    boolean knows(String role) {
        return known.contains(role);
    }

    private static boolean isWord(String text) {
        for (int at = 0; at < text.length(); at++) {
            char unit = text.charAt(at);
            boolean letter = (unit | 0x20) >= 'a' && (unit | 0x20) <= 'z';
            if (!letter && !Characters.isDigit(unit) && unit != '_' && unit != '-') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
