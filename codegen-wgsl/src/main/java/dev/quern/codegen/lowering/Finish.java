package dev.quern.codegen.lowering;

/** What a matrix kernel does with a finished row. */
public enum Finish {
    STORE("store"),
    ADD("add"),
    SWIGLU("swiglu");

    private final String file;

    Finish(String file) {
        this.file = file;
    }

    /** The name of its file and in the kernel's name. */
    String file() {
        return file;
    }
}
