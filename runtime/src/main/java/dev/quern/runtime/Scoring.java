package dev.quern.runtime;

import java.util.List;

/**
 * Computes the logits behind every token of a text, one token for each {@link #advance}, which throws
 * {@link NotFiniteException} where they are not finite. Begun by {@link Session#score}.
 */
public final class Scoring implements Work {
    private final Session session;
    private final List<Integer> tokens;
    private final Rows rows;
    private int next;

    /** Whether the step that reads the next token has left logits that are not finite. */
    private boolean failed;

    /** Receives rows of logits, in order. */
    @FunctionalInterface
    public interface Rows {
        /**
         * The logits of the token that follows.
         *
         * @param position from 0
         * @param logits one for each token of the vocabulary
         */
        void row(int position, float[] logits);
    }

    Scoring(Session session, List<Integer> tokens, Rows rows) {
        this.session = session;
        this.tokens = List.copyOf(tokens);
        this.rows = rows;
        session.held().clear();
    }

    @Override
    public boolean done() {
        return next == tokens.size();
    }

    @Override
    public void advance(Runnable then) {
        try {
            piece(then);
        } catch (RuntimeException problem) {
            session.abandon(this);
            throw problem;
        }
    }

    private void piece(Runnable then) {
        var executor = session.executor();
        int position = next;
        if (failed) {
            throw session.failed(tokens.subList(0, position + 1));
        }
        executor.set(tokens.get(position), position);
        session.held().wrote(position + 1);
        executor.step();
        executor.readLogits(read -> {
            float[] logits = session.ofVocabulary(read);
            failed = !Session.isFinite(logits);
            if (!failed) {
                session.held().append(tokens.get(position));
                next++;
                rows.row(position, logits);
            }
            then.run();
        });
    }
}
