package dev.quern.text.chat;

import dev.quern.text.MarkedText;

/** Text that is being put together, never longer than allowed. */
final class BoundedText {
    private final Evaluation evaluation;
    private final MarkedText.Builder text = new MarkedText.Builder();

    BoundedText(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    /** Adds what the template wrote. */
    BoundedText append(String written) {
        evaluation.lengthen(text.length(), written.length());
        text.append(written);
        return this;
    }

    BoundedText append(MarkedText more) {
        return append(more, 0, more.length());
    }

    BoundedText append(MarkedText more, int start, int end) {
        evaluation.lengthen(text.length(), end - start);
        text.append(more, start, end);
        return this;
    }

    /** Adds what stands for one character, or for several. */
    BoundedText appendFor(MarkedText source, int start, int end, String replacement) {
        evaluation.lengthen(text.length(), replacement.length());
        text.appendFor(source, start, end, replacement);
        return this;
    }

    MarkedText marked() {
        return text.build();
    }

    @Override
    public String toString() {
        return text.build().text();
    }
}
