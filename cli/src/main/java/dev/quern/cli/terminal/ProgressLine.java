package dev.quern.cli.terminal;

import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows one task's progress on standard error: on a terminal a bar that is redrawn ten times a second and vanishes at
 * the end; elsewhere a line at the start and one for each further tenth, if the task takes long enough for anyone to
 * wonder.
 */
public final class ProgressLine implements Progress, AutoCloseable {
    private static final long REDRAW_NANOSECONDS = 100_000_000;
    private static final long PLAIN_NANOSECONDS = 2_000_000_000;
    private static final int WIDEST_BAR = 30;

    /** What the numbers are. */
    enum Unit {
        BYTES,
        STEPS
    }

    private final Terminal terminal;
    private final String title;
    private final Unit unit;
    private final LongSupplier clock;
    private final long started;
    private long firstDone = -1;
    private long drawn;
    private int lastTenth;
    private volatile boolean visible;

    /** Clears the line when Ctrl-C ends the process. */
    private final Thread hook = new Thread(this::erase, "progress");

    ProgressLine(Terminal terminal, String title, Unit unit) {
        this(terminal, title, unit, System::nanoTime);
    }

    ProgressLine(Terminal terminal, String title, Unit unit, LongSupplier clock) {
        this.terminal = terminal;
        this.title = Visible.line(title);
        this.unit = unit;
        this.clock = clock;
        this.started = clock.getAsLong();
        this.drawn = started - REDRAW_NANOSECONDS;
        if (terminal.errIsTerminal()) {
            Runtime.getRuntime().addShutdownHook(hook);
        }
        if (!terminal.errIsTerminal()) {
            terminal.err().println(this.title + " ...");
        }
    }

    @Override
    public void at(long done, long total) {
        if (firstDone < 0) {
            firstDone = done;
        }
        long now = clock.getAsLong();
        if (terminal.errIsTerminal()) {
            if (now - drawn >= REDRAW_NANOSECONDS) {
                drawn = now;
                draw(line(done, total, (now - started) / 1e9));
            }
        } else if (total > 0 && now - drawn >= PLAIN_NANOSECONDS) {
            int tenth = (int) (10 * done / total);
            if (tenth > lastTenth && tenth < 10) {
                drawn = now;
                lastTenth = tenth;
                terminal.err().println(title + ": " + 10 * tenth + "%");
            }
        }
    }

    /** Shows what the task waits for: in place of the bar until it goes on, or as a line. */
    @Override
    public void note(String reason) {
        if (terminal.errIsTerminal()) {
            // Whatever comes next is drawn at once.
            drawn = clock.getAsLong() - REDRAW_NANOSECONDS;
            draw(fit(title + ": " + Visible.line(reason)));
        } else {
            terminal.err().println(title + ": " + Visible.line(reason));
        }
    }

    /** Takes the bar away. */
    @Override
    public void close() {
        erase();
        if (terminal.errIsTerminal()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process is ending; the hook has nothing left to erase.
                visible = false;
            }
        }
    }

    private void draw(String line) {
        visible = true;
        terminal.redraw(line);
    }

    private void erase() {
        if (visible) {
            visible = false;
            terminal.redraw("");
        }
    }

    private String line(long done, long total, double seconds) {
        double speed = seconds > 0.5 ? (done - firstDone) / seconds : 0;
        String numbers = switch (unit) {
            case BYTES ->
                Sizes.bytes(done)
                        + (total > 0 ? " of " + Sizes.bytes(total) : "")
                        + (speed > 0 ? ", " + Sizes.bytes((long) speed) + "/s" : "");
            case STEPS -> done + (total > 0 ? " of " + total : "");
        };
        if (total <= 0) {
            return fit(title + "  " + numbers);
        }
        double share = Math.clamp((double) done / total, 0.0, 1.0);
        String tail = String.format(Locale.ROOT, " %3.0f%%  %s", 100 * share, numbers);
        int room = Math.min(WIDEST_BAR, terminal.columns() - 1 - title.length() - tail.length() - 4);
        if (room < 5) {
            return fit(title + tail);
        }
        int full = (int) Math.round(share * room);
        return fit(title + "  [" + "#".repeat(full) + "-".repeat(room - full) + "]" + tail);
    }

    /** A line longer than the terminal would not be erased whole. */
    private String fit(String line) {
        int most = terminal.columns() - 1;
        return line.length() <= most ? line : line.substring(0, most);
    }
}
