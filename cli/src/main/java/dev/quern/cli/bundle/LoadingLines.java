package dev.quern.cli.bundle;

import dev.quern.cli.terminal.ProgressLine;
import dev.quern.cli.terminal.Terminal;
import dev.quern.runtime.LoadProgress;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A line of progress for each phase of loading; silent where nobody watches, because loading is short. */
final class LoadingLines implements LoadProgress, AutoCloseable {
    private final Terminal terminal;
    private final BooleanSupplier interrupted;
    private final Map<Phase, ProgressLine> lines = new EnumMap<>(Phase.class);

    /**
     * Lines on a terminal.
     *
     * @param interrupted asked at each report whether to give up
     */
    LoadingLines(Terminal terminal, BooleanSupplier interrupted) {
        this.terminal = terminal;
        this.interrupted = interrupted;
    }

    @Override
    public void report(Phase phase, long done, long total) {
        if (interrupted.getAsBoolean()) {
            throw new InterruptedLoad();
        }
        if (terminal.errIsTerminal()) {
            lines.computeIfAbsent(phase, this::line).at(done, total);
            if (done == total) {
                close();
            }
        }
    }

    private ProgressLine line(Phase phase) {
        return switch (phase) {
            case WEIGHTS -> terminal.bytes("Loading weights");
            case PIPELINES -> terminal.steps("Building pipelines");
        };
    }

    @Override
    public void close() {
        lines.values().forEach(ProgressLine::close);
    }
}
