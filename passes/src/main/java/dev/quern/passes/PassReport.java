package dev.quern.passes;

import java.util.ArrayList;
import java.util.List;

/** Collects what passes have to say: what they did and where, and what they left alone and why. */
public final class PassReport {
    private final List<Note> notes = new ArrayList<>();

    /**
     * A remark of a pass.
     *
     * @param pass its name
     * @param done whether something was done, or left alone
     * @param where function and value, {@code @step, %h.1}
     * @param sentence what and why
     */
    public record Note(String pass, boolean done, String where, String sentence) {
        @Override
        public String toString() {
            return pass + ": " + where + ": " + sentence;
        }
    }

    /** Something was done. */
    public void done(String pass, String where, String sentence) {
        notes.add(new Note(pass, true, where, sentence));
    }

    /** Something that looked like work for the pass was left alone. */
    public void left(String pass, String where, String sentence) {
        notes.add(new Note(pass, false, where, sentence));
    }

    /** All notes in order. */
    public List<Note> notes() {
        return List.copyOf(notes);
    }
}
