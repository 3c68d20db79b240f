package dev.quern.text.chat;

/** Values of which there is one. */
final class Values {
    static final Value NONE = Value.Nothing.NONE;
    static final Value TRUE = new Value.Bool(true);
    static final Value FALSE = new Value.Bool(false);

    private Values() {}
}
