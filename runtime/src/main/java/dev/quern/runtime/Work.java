package dev.quern.runtime;

/**
 * Work that is done piece by piece, so that a host which must not wait can do other things between. A browser calls
 * {@link #advance} and, when it hears that the piece is done, again; a host that can wait calls {@link #finish}.
 */
public interface Work {
    /** Whether nothing is left to do. */
    boolean done();

    /**
     * Does the next piece.
     *
     * @param then run when the piece is done: before this returns where the device's reads wait, later where they do
     *     not
     */
    void advance(Runnable then);

    /** Does all that is left, on a host whose reads wait. */
    default void finish() {
        while (!done()) {
            var returned = new boolean[1];
            advance(() -> returned[0] = true);
            if (!returned[0]) {
                throw new IllegalStateException("this device's reads do not wait; advance piece by piece");
            }
        }
    }
}
