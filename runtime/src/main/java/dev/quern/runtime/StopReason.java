package dev.quern.runtime;

/** Why generation ended. */
public enum StopReason {
    /** The model ended its text. */
    END_OF_TEXT("end_of_text"),
    /** A stop string appeared. */
    STOP_STRING("stop_string"),
    /** As many tokens were generated as were asked for. */
    MAX_TOKENS("max_tokens"),
    /** No position is left. */
    CONTEXT_FULL("context_full"),
    /** Someone asked to stop. */
    INTERRUPTED("interrupted");

    private final String text;

    StopReason(String text) {
        this.text = text;
    }

    /** The name for machines. */
    public String text() {
        return text;
    }
}
