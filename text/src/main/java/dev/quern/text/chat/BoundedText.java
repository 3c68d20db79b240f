package dev.quern.text.chat;

/** Text that is being put together, never longer than allowed. */
final class BoundedText {
    private final Evaluation evaluation;
    private final StringBuilder text = new StringBuilder();

    BoundedText(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    BoundedText append(String more) {
        evaluation.lengthen(text.length(), more.length());
        text.append(more);
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
