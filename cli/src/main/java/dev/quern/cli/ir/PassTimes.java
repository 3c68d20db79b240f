package dev.quern.cli.ir;

import dev.quern.cli.terminal.Table;
import dev.quern.compiler.CompileObserver;
import dev.quern.ir.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Adds up what passes take. Verifying is not counted. */
public final class PassTimes implements CompileObserver {
    private record Time(int place, String pass, boolean changed, long nanoseconds) {}

    private final List<Time> times = new ArrayList<>();

    @Override
    public void ran(int index, String pass, Module before, Module after, long nanoseconds) {
        times.add(new Time(index + 1, pass, !before.equals(after), nanoseconds));
    }

    /** A line a pass, in the order of the pipeline, and the sum. */
    public String table() {
        Table table = new Table("PASS", "NAME", "CHANGED", "MS", "SHARE");
        long sum = times.stream().mapToLong(Time::nanoseconds).sum();
        for (Time time : times) {
            double share = sum == 0 ? 0 : 100.0 * time.nanoseconds() / sum;
            table.row(
                    time.place(),
                    time.pass(),
                    time.changed() ? "yes" : "no",
                    milliseconds(time.nanoseconds()),
                    String.format(Locale.ROOT, "%.1f %%", share));
        }
        table.row("", "all", "", milliseconds(sum), sum == 0 ? "" : "100.0 %");
        return table.toString();
    }

    private static String milliseconds(long nanoseconds) {
        return String.format(Locale.ROOT, "%.3f", nanoseconds / 1e6);
    }
}
