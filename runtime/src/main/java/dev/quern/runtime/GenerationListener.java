package dev.quern.runtime;

/** Hears what is generated, as it comes. */
@FunctionalInterface
public interface GenerationListener {
    /** More text; never a part of a character, never a part of a stop string. */
    void text(String text);

    /** A token was chosen; its text may come later. The token that ends generation is not reported. */
    default void token(int id) {}
}
