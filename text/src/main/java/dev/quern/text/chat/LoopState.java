package dev.quern.text.chat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a for loop stands. The next item is fetched no sooner than it is asked for. */
final class LoopState implements Value.Loop {
    /** Runs the loop over the items within an item. */
    interface Recursion {
        Value run(Value items);
    }

    private final Evaluation evaluation;
    private final @Nullable Value whole;
    private final int depth;
    private final @Nullable Recursion recursion;
    private Iterator<Value> items;
    private int index = -1;
    private @Nullable Value previous;
    private Value current = Values.NONE;
    private @Nullable Value next;
    private @Nullable Value changed;
    private int length = -1;

    /**
     * A loop before its first item.
     *
     * @param whole what is gone through, if all of it is
     */
    LoopState(
            Evaluation evaluation,
            Iterator<Value> items,
            @Nullable Value whole,
            int depth,
            @Nullable Recursion recursion) {
        this.evaluation = evaluation;
        this.items = items;
        this.whole = whole;
        this.depth = depth;
        this.recursion = recursion;
    }

    /** Goes to the next item; false where there is none. */
    boolean advance() {
        Value item = peek();
        if (item == null) {
            return false;
        }
        previous = index < 0 ? null : current;
        current = item;
        next = null;
        index++;
        return true;
    }

    Value current() {
        return current;
    }

    private @Nullable Value peek() {
        if (next == null && items.hasNext()) {
            next = items.next();
        }
        return next;
    }

    @Override
    public int length() {
        if (length < 0) {
            Integer known = whole == null ? null : Sequences.length(whole);
            if (known == null) {
                List<Value> rest = new ArrayList<>();
                while (items.hasNext()) {
                    evaluation.step();
                    rest.add(items.next());
                }
                items = rest.iterator();
                known = rest.size() + index + 1 + (next == null ? 0 : 1);
            }
            length = known;
        }
        return length;
    }

    @Override
    public @Nullable Value attribute(String name) {
        return switch (name) {
            case "index" -> Value.of(index + 1);
            case "index0" -> Value.of(index);
            case "revindex" -> Value.of(length() - index);
            case "revindex0" -> Value.of(length() - index - 1);
            case "first" -> Value.of(index == 0);
            case "last" -> Value.of(peek() == null);
            case "length" -> Value.of(length());
            case "depth" -> Value.of(depth + 1);
            case "depth0" -> Value.of(depth);
            case "previtem" -> previous == null ? new Value.Undefined("there is no previous item") : previous;
            case "nextitem" -> {
                Value after = peek();
                yield after == null ? new Value.Undefined("there is no next item") : after;
            }
            case "cycle" -> new Value.Function(name, this::cycle);
            case "changed" -> new Value.Function(name, this::changed);
            default -> null;
        };
    }

    private Value cycle(Arguments arguments) {
        if (arguments.positional().isEmpty()) {
            throw evaluation.problem("'loop.cycle' needs values to go through.");
        }
        return arguments.positional().get(index % arguments.positional().size());
    }

    private Value changed(Arguments arguments) {
        Value now = new Value.Tuple(arguments.positional());
        boolean differs = changed == null || !Operations.equal(evaluation, changed, now);
        changed = now;
        return Value.of(differs);
    }

    @Override
    public Value call(Arguments arguments) {
        if (recursion == null) {
            throw evaluation.problem("'loop' is called, but the loop is not marked 'recursive'.");
        }
        return recursion.run(Arguments.given(arguments.bind("'loop'", 1, "iterable")[0]));
    }
}
