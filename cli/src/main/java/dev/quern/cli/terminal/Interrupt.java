package dev.quern.cli.terminal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices Ctrl-C (and a request to terminate) and gives the work in progress a few seconds to end well. The virtual
 * machine then exits with the code that belongs to the signal: 130 for Ctrl-C.
 */
public final class Interrupt implements AutoCloseable {
    /** What a process ends with that Ctrl-C has ended. */
    public static final int EXIT_CODE = 130;

    private static final int PATIENCE_SECONDS = 5;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::await, "interrupt");
    private volatile boolean requested;
    private volatile @Nullable Thread waiting;

    private Interrupt() {}

    /** Begins to listen, until it is closed. */
    public static Interrupt listen() {
        var interrupt = new Interrupt();
        Runtime.getRuntime().addShutdownHook(interrupt.hook);
        return interrupt;
    }

    /** Whether someone asked to stop. */
    public boolean requested() {
        return requested;
    }

    /**
     * Does what waits for others, such as a download, on this thread, which is interrupted when someone asks to stop.
     */
    public <T> T whileWaiting(Supplier<T> task) {
        waiting = Thread.currentThread();
        try {
            if (requested) {
                Thread.currentThread().interrupt();
            }
            return task.get();
        } finally {
            waiting = null;
        }
    }

    private void await() {
        requested = true;
        Thread other = waiting;
        if (other != null) {
            other.interrupt();
        }
        try {
            // Whether the work has ended or not: the virtual machine halts after this.
            boolean ended = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                System.err.println();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells that the work has ended. */
    @Override
    public void close() {
        finished.countDown();
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The signal came at this very moment; the hook finds the work ended.
                requested = true;
            }
        }
    }
}
