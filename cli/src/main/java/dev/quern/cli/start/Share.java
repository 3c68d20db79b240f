package dev.quern.cli.start;

/** A part of what happens before a model says its first token, in the order in which parts usually begin. */
public enum Share {
    MACHINE("launcher and virtual machine"),
    COMMAND_LINE("command line"),
    MODEL("finding the model"),
    DEVICE("device"),
    BUNDLE("finding the bundle"),
    PLAN("plan"),
    TOKENIZER("tokenizer"),
    PIPELINES("pipelines"),
    WEIGHTS("weights read and hashed"),
    UPLOAD("weights uploaded"),
    BINDINGS("bindings"),
    PROMPT("tokens of the prompt"),
    FIRST_TOKEN("first token");

    private final String title;

    Share(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
