package dev.quern.ir.text.read;

import java.util.List;

/**
 * Text that is refused: because it cannot be read, or because what it says breaks rules. The message is made for
 * people, and holds every complaint:
 *
 * <pre>
 * tiny.qir:4:12: expected '[' or '&lt;', found ','
 *   weight @w : f32, 8
 *                  ^
 * </pre>
 */
public final class ReadException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient List<Complaint> complaints;

    /** What is wrong at a place, a phrase or sentence. */
    public record Complaint(At at, String message) {}

    /**
     * An exception over these complaints.
     *
     * @param complaints at least one
     */
    public ReadException(Source source, List<Complaint> complaints) {
        super(String.join(
                "\n",
                complaints.stream()
                        .map(complaint -> source.shown(complaint.at(), complaint.message()))
                        .toList()));
        this.complaints = List.copyOf(complaints);
    }

    /** All complaints, in the order in which they were found. */
    public List<Complaint> complaints() {
        return complaints;
    }

    /** The line of the first complaint, from 1. */
    public int line() {
        return complaints.getFirst().at().line();
    }

    /** The column of the first complaint, from 1. */
    public int column() {
        return complaints.getFirst().at().column();
    }
}
