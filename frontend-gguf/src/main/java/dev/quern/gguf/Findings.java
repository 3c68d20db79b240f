package dev.quern.gguf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects {@linkplain Finding findings}, so that one run tells all that is wrong with a file rather than the first
 * thing. A file with more than {@value #MOST_ERRORS} errors is given up at once.
 */
public final class Findings {
    /** After so many errors nothing more is looked at. */
    public static final int MOST_ERRORS = 50;

    /** Warnings beyond so many are counted, not kept. */
    public static final int MOST_WARNINGS = 50;

    private final List<Finding> findings = new ArrayList<>();
    private int errors;
    private int warnings;
    private @Nullable GgufException surrender;

    /** Adds a reason to refuse the file. */
    public void error(String where, String message) {
        add(Finding.error(where, message));
    }

    /** Adds something odd that does no harm. */
    public void warning(String where, String message) {
        add(Finding.warning(where, message));
    }

    /**
     * Adds a finding.
     *
     * @throws GgufException with all findings if there are too many errors
     */
    public void add(Finding finding) {
        switch (finding.severity()) {
            case ERROR -> {
                findings.add(finding);
                if (++errors >= MOST_ERRORS) {
                    findings.add(Finding.error("file", "There are " + MOST_ERRORS + " errors or more; stopped here."));
                    surrender = new GgufException(findings);
                    throw surrender;
                }
            }
            case WARNING -> {
                if (++warnings <= MOST_WARNINGS) {
                    findings.add(finding);
                } else if (warnings == MOST_WARNINGS + 1) {
                    findings.add(Finding.warning("file", "There are more warnings; they are not listed."));
                }
            }
        }
    }

    /** Runs a step; if it refuses, its findings join this collection and the result is empty. */
    public <T> Optional<T> attempt(Supplier<T> step) {
        try {
            return Optional.of(step.get());
        } catch (GgufException refusal) {
            join(refusal);
            return Optional.empty();
        }
    }

    /**
     * A step that reads from a file. It is no {@code Supplier}: in a browser, where reading waits, all suppliers would
     * be made to wait.
     */
    @FunctionalInterface
    public interface Reading<T> {
        /** Takes the step. */
        T read();
    }

    /** As {@link #attempt}, of a step that reads from a file. */
    public <T> Optional<T> attemptReading(Reading<T> step) {
        try {
            return Optional.of(step.read());
        } catch (GgufException refusal) {
            join(refusal);
            return Optional.empty();
        }
    }

    private void join(GgufException refusal) {
        if (refusal == surrender) {
            throw refusal;
        }
        refusal.findings().forEach(this::add);
    }

    /**
     * Runs a step that ends by throwing all that it found if there are errors; whatever it finds joins this collection,
     * whether it refuses or not.
     *
     * @param step takes the collection for what it finds
     */
    public <T> Optional<T> step(Function<Findings, T> step) {
        var own = new Findings();
        Optional<T> result;
        try {
            result = Optional.of(step.apply(own));
        } catch (GgufException refusal) {
            // A refusal at the end of a step holds all that was found; one in between holds itself only.
            if (!refusal.findings().containsAll(own.list())) {
                own.list().forEach(this::add);
            }
            refusal.findings().forEach(this::add);
            return Optional.empty();
        }
        own.list().forEach(this::add);
        return own.hasErrors() ? Optional.empty() : result;
    }

    /** Whether anything was found that refuses the file. */
    public boolean hasErrors() {
        return errors > 0;
    }

    /** What was found so far, in order. */
    public List<Finding> list() {
        return List.copyOf(findings);
    }

    /** What was found so far and does no harm. */
    public List<Finding> warnings() {
        return findings.stream()
                .filter(finding -> finding.severity() == Finding.Severity.WARNING)
                .toList();
    }

    /**
     * Ends a phase.
     *
     * @throws GgufException with all findings, if one of them is an error
     */
    public void throwIfErrors() {
        if (hasErrors()) {
            throw new GgufException(findings);
        }
    }
}
