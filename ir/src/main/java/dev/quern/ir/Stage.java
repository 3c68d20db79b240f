package dev.quern.ir;

/** How far a module has been lowered, which decides the operations that it may hold. */
public enum Stage {
    /** Mathematics: no kernel is named. */
    TENSOR("tensor"),
    /**
     * Every operation says by which kernel it is computed; every weight that one binds has a layout and a placement.
     */
    DISPATCH("dispatch"),
    /** Every value has a buffer, an offset and a size. */
    PLAN("plan");

    private final String text;

    Stage(String text) {
        this.text = text;
    }

    /** The name in the text form. */
    public String text() {
        return text;
    }
}
