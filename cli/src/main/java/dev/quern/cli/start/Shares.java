package dev.quern.cli.start;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * A stopwatch for the parts of a start, which may overlap: several threads load a model. Where nobody asked for it
 * ({@code QUERN_DEBUG}) it does nothing.
 */
public final class Shares {
    private static final String TOTAL = "all threads, processor time";
    private static final int HERTZ_OF_PROC = 100;

    private final boolean on;
    private final Map<Share, Times> times = new EnumMap<>(Share.class);

    /** When the process began, and when this stopwatch did, in nanoseconds of {@link System#nanoTime}. */
    private final long origin;

    private final long start;

    private boolean printed;

    private record Times(long begin, long end, long nanoseconds) {
        Times and(Times other) {
            return new Times(Math.min(begin, other.begin), Math.max(end, other.end), nanoseconds + other.nanoseconds);
        }
    }

    /** A part that goes on until it is closed. */
    public interface Span extends AutoCloseable {
        @Override
        void close();

        /** Ends the part as it was so long after its beginning. */
        void closeAfter(double seconds);
    }

    private Shares(boolean on, long origin, long start) {
        this.on = on;
        this.origin = origin;
        this.start = start;
    }

    /** A stopwatch that begins now. */
    public static Shares of(boolean on) {
        long now = System.nanoTime();
        return new Shares(on, now, now);
    }

    /**
     * A stopwatch for this process, which began some time ago. The launcher becomes the virtual machine, so it counts.
     */
    public static Shares ofProcess(boolean on) {
        long now = System.nanoTime();
        if (!on) {
            return new Shares(false, now, now);
        }
        var shares = new Shares(true, now - age().toNanos(), now);
        shares.add(Share.MACHINE, shares.origin, now);
        return shares;
    }

    /** How long this process has run. */
    private static Duration age() {
        // Linux tells Java when the machine was started in whole seconds only, and the rest relative to that.
        Path uptime = Path.of("/proc/uptime");
        Path own = Path.of("/proc/self/stat");
        try {
            if (Files.isReadable(uptime) && Files.isReadable(own)) {
                double now = Double.parseDouble(Files.readString(uptime).split(" ", 2)[0]);
                String stat = Files.readString(own);
                // The name, in parentheses, may hold anything; the beginning is the twentieth field behind it.
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                return Duration.ofMillis((long) (1000 * (now - Double.parseDouble(fields[19]) / HERTZ_OF_PROC)));
            }
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return ofPlatform();
        }
        return ofPlatform();
    }

    private static Duration ofPlatform() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(begin -> Duration.between(begin, Instant.now()))
                .orElse(Duration.ZERO);
    }

    /** Begins a part, or goes on with it: what it took before is added. */
    public Span begin(Share share) {
        long from = System.nanoTime();
        return new Span() {
            @Override
            public void close() {
                add(share, from, System.nanoTime());
            }

            @Override
            public void closeAfter(double seconds) {
                add(share, from, from + (long) (seconds * 1e9));
            }
        };
    }

    /** Ends a part that began when this stopwatch did. */
    public void sinceStart(Share share) {
        add(share, start, System.nanoTime());
    }

    private synchronized void add(Share share, long from, long to) {
        if (on) {
            times.merge(share, new Times(from, to, to - from), Times::and);
        }
    }

    /** Prints a table, the first time that it is asked to; seconds from the start of the process. */
    public synchronized void print(PrintStream to) {
        if (!on || printed) {
            return;
        }
        printed = true;
        to.println(line("start, in seconds", "  begins    ends   takes"));
        times.forEach((share, time) -> to.println(line(
                "  " + share.title(),
                seconds(time.begin() - origin) + seconds(time.end() - origin) + seconds(time.nanoseconds()))));
        ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .ifPresent(processor -> to.println(line(
                        "  " + TOTAL,
                        seconds(0) + seconds(System.nanoTime() - origin) + seconds(processor.toNanos()))));
    }

    private static String line(String title, String numbers) {
        return title + " ".repeat(Math.max(1, TOTAL.length() + 2 - title.length())) + numbers;
    }

    private static String seconds(long nanoseconds) {
        return String.format(Locale.ROOT, "%8.3f", nanoseconds / 1e9);
    }
}
