package dev.quern.gguf;

import java.util.List;

/**
 * A file was refused. The message is the first error in full and says how many more there are; {@link #findings()} has
 * them all, warnings included.
 */
public final class GgufException extends RuntimeException {
    private final transient List<Finding> findings;
    private final String message;

    /** @param findings what was found; at least one of them is an error */
    public GgufException(List<Finding> findings) {
        this.findings = List.copyOf(findings);
        this.message = summary(findings);
    }

    /** A refusal for one reason. */
    public GgufException(String where, String message) {
        this(List.of(Finding.error(where, message)));
    }

    @Override
    public String getMessage() {
        return message;
    }

    /** All that was found, in order. */
    public List<Finding> findings() {
        return findings;
    }

    private static String summary(List<Finding> findings) {
        List<Finding> errors = findings.stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .toList();
        if (errors.isEmpty()) {
            throw new IllegalArgumentException("a refusal needs an error, but has only warnings");
        }
        Finding first = errors.getFirst();
        String more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more)";
        return first + more;
    }
}
