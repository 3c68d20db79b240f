package dev.quern.text;

import java.util.EnumMap;
import java.util.Map;

/** The ids that a file names for special roles. Immutable; a role without an id answers {@link #ABSENT}. */
public final class SpecialTokens {
    /** The answer for a role that has no token. */
    public static final int ABSENT = -1;

    /** No role has a token. */
    public static final SpecialTokens NONE = new SpecialTokens(new EnumMap<>(SpecialRole.class));

    private final Map<SpecialRole, Integer> ids;

    private SpecialTokens(Map<SpecialRole, Integer> ids) {
        this.ids = ids;
    }

    /** The id of a role, or {@link #ABSENT}. */
    public int id(SpecialRole role) {
        Integer id = ids.get(role);
        return id == null ? ABSENT : id;
    }

    /** Whether a role has an id. */
    public boolean has(SpecialRole role) {
        return ids.containsKey(role);
    }

    /**
     * These tokens with one role set, or taken away by {@link #ABSENT}.
     *
     * @throws TokenizerException if the id is negative and not {@link #ABSENT}
     */
    public SpecialTokens with(SpecialRole role, int id) {
        if (id < ABSENT) {
            throw new TokenizerException(
                    role.ggufKey() + " is " + id + "; a token id is not negative (-1: no such token).");
        }
        Map<SpecialRole, Integer> changed = new EnumMap<>(ids);
        if (id == ABSENT) {
            changed.remove(role);
        } else {
            changed.put(role, id);
        }
        return new SpecialTokens(changed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SpecialTokens tokens && ids.equals(tokens.ids);
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (Map.Entry<SpecialRole, Integer> entry : ids.entrySet()) {
            hash = 31 * hash + entry.getKey().key().hashCode() + entry.getValue();
        }
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("SpecialTokens[");
        String separator = "";
        for (Map.Entry<SpecialRole, Integer> entry : ids.entrySet()) {
            text.append(separator).append(entry.getKey().key()).append('=').append(entry.getValue());
            separator = ", ";
        }
        return text.append(']').toString();
    }
}
