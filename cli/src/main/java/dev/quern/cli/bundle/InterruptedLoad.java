package dev.quern.cli.bundle;

/** Someone asked to stop before the model was ready. */
public final class InterruptedLoad extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InterruptedLoad() {
        super("interrupted");
    }
}
