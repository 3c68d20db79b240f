package dev.quern.ir.verify;

import java.util.List;

/** A module that breaks the rules. The message lists all problems under a heading. */
public final class VerificationException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient List<Problem> problems;

    /**
     * An exception over these problems.
     *
     * @param heading what was done last, {@code after fuse-swiglu}
     */
    public VerificationException(String heading, List<Problem> problems) {
        super(message(heading, problems));
        this.problems = List.copyOf(problems);
    }

    /** All problems, in the order of the module. */
    public List<Problem> problems() {
        return problems;
    }

    private static String message(String heading, List<Problem> problems) {
        StringBuilder message = new StringBuilder(heading).append(':');
        problems.forEach(problem -> message.append("\n  ").append(problem));
        return message.toString();
    }
}
