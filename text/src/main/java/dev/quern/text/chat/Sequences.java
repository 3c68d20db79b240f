package dev.quern.text.chat;

import dev.quern.text.MarkedText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What can be gone through, counted and cut. */
final class Sequences {
    private Sequences() {}

    static boolean isIterable(Value value) {
        return switch (value) {
            case Value.Text ignored -> true;
            case Value.ListValue ignored -> true;
            case Value.Tuple ignored -> true;
            case Value.Dict ignored -> true;
            case Value.View ignored -> true;
            case Value.Range ignored -> true;
            case Value.Generator ignored -> true;
            case Value.Undefined ignored -> true;
            case Value.Loop ignored -> true;
            case Value.Nothing ignored -> false;
            case Value.Bool ignored -> false;
            case Value.Int ignored -> false;
            case Value.Real ignored -> false;
            case Value.Namespace ignored -> false;
            case Value.Function ignored -> false;
        };
    }

    /** The items in order: a string's characters, a dict's keys; none of what is undefined. */
    static Iterator<Value> iterate(Evaluation evaluation, Value value) {
        return switch (value) {
            case Value.Text text -> characters(text.marked());
            case Value.ListValue list -> list.items().iterator();
            case Value.Tuple tuple -> tuple.items().iterator();
            case Value.Dict dict -> dict.keys().iterator();
            case Value.View view -> view.items().iterator();
            case Value.Range range -> counted(range.size(), range::at);
            case Value.Generator generator -> generator.items();
            case Value.Undefined ignored -> Collections.<Value>emptyList().iterator();
            case Value.Nothing none
            when none == Value.Nothing.NOT_GIVEN ->
                Collections.<Value>emptyList().iterator();
            default -> throw evaluation.problem(value.type() + " has no items to go through.");
        };
    }

    private static Iterator<Value> counted(int size, IntFunction<Value> item) {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < size;
            }

            @Override
            public Value next() {
                if (next >= size) {
                    throw new NoSuchElementException();
                }
                return item.apply(next++);
            }
        };
    }

    /** All items. */
    static List<Value> items(Evaluation evaluation, Value value) {
        if (value instanceof Value.ListValue list) {
            return list.items();
        }
        List<Value> items = new ArrayList<>();
        Iterator<Value> iterator = iterate(evaluation, value);
        while (iterator.hasNext()) {
            evaluation.step();
            items.add(iterator.next());
        }
        evaluation.items(items.size());
        return items;
    }

    /** The characters of a string, surrogate pairs together. */
    private static Iterator<Value> characters(MarkedText text) {
        return new Iterator<>() {
            private int at;

            @Override
            public boolean hasNext() {
                return at < text.length();
            }

            @Override
            public Value next() {
                if (at >= text.length()) {
                    throw new NoSuchElementException();
                }
                int start = at;
                at += Character.charCount(text.text().codePointAt(at));
                return Value.of(text.substring(start, at));
            }
        };
    }

    /** The length, null of what has none. */
    static @Nullable Integer length(Value value) {
        return switch (value) {
            case Value.Text text ->
                (Integer) text.text().codePointCount(0, text.text().length());
            case Value.ListValue list -> (Integer) list.items().size();
            case Value.Tuple tuple -> (Integer) tuple.items().size();
            case Value.Dict dict -> (Integer) dict.size();
            case Value.View view -> (Integer) view.items().size();
            case Value.Range range -> (Integer) range.size();
            case Value.Undefined ignored -> (Integer) 0;
            case Value.Loop loop -> (Integer) loop.length();
            default -> null;
        };
    }

    /** The item at a place of a list, tuple, range or string, negative ones from the end; null where there is none. */
    static @Nullable Value at(Evaluation evaluation, Value value, long index) {
        Integer length = length(value);
        if (length == null || value instanceof Value.Undefined || value instanceof Value.Loop) {
            return null;
        }
        if (value instanceof Value.Text text) {
            evaluation.characters(text.text().length());
        }
        int place = (int) (index < 0 ? Math.max(index + length, -1) : Math.min(index, length));
        return place < 0 || place >= length ? null : item(value, place);
    }

    private static @Nullable Value item(Value value, int place) {
        return switch (value) {
            case Value.ListValue list -> list.items().get(place);
            case Value.Tuple tuple -> tuple.items().get(place);
            case Value.Range range -> range.at(place);
            case Value.Text text -> {
                int start = text.text().offsetByCodePoints(0, place);
                int end = start + Character.charCount(text.text().codePointAt(start));
                yield new Value.Text(text.marked().substring(start, end), text.markup());
            }
            default -> null;
        };
    }

    /** {@code value[from:to:step]}. */
    static Value slice(
            Evaluation evaluation, Value value, @Nullable Value from, @Nullable Value to, @Nullable Value step) {
        Operations.defined(evaluation, value);
        Integer length = length(value);
        boolean slices = value instanceof Value.Text
                || value instanceof Value.ListValue
                || value instanceof Value.Tuple
                || value instanceof Value.Range;
        if (!slices || length == null) {
            throw evaluation.problem(value.type() + " cannot be sliced.");
        }
        long size = length;
        long stride = bound(evaluation, step, 1);
        if (stride == 0) {
            throw evaluation.problem("a slice has the step 0.");
        }
        long first = stride > 0 ? 0 : -1;
        long last = stride > 0 ? size : size - 1;
        long start = isNone(from) ? stride > 0 ? 0 : size - 1 : place(bound(evaluation, from, 0), size, first, last);
        long end = isNone(to) ? stride > 0 ? size : -1 : place(bound(evaluation, to, 0), size, first, last);
        stride = Math.max(-size - 1, Math.min(size + 1, stride));
        if (value instanceof Value.Text text) {
            evaluation.characters(text.text().length());
            return new Value.Text(Strings.slice(text.marked(), (int) start, (int) end, (int) stride), text.markup());
        }
        if (value instanceof Value.Range range) {
            return new Value.Range(
                    range.start() + start * range.step(), range.start() + end * range.step(), range.step() * stride);
        }
        evaluation.items(size);
        List<Value> chosen = new ArrayList<>();
        for (long at = start; stride > 0 ? at < end : at > end; at += stride) {
            Value item = item(value, (int) at);
            if (item != null) {
                chosen.add(item);
            }
        }
        return value instanceof Value.Tuple ? new Value.Tuple(chosen) : Value.list(chosen);
    }

    private static boolean isNone(@Nullable Value value) {
        return value == null || value instanceof Value.Nothing;
    }

    private static long bound(Evaluation evaluation, @Nullable Value value, long missing) {
        if (value == null || value instanceof Value.Nothing) {
            return missing;
        }
        Operations.defined(evaluation, value);
        Long bound = Operations.integer(value);
        if (bound == null) {
            throw evaluation.problem("a slice has " + value.type() + " as a bound; integers and none are allowed.");
        }
        return bound;
    }

    private static long place(long bound, long size, long first, long last) {
        return Math.max(first, Math.min(last, bound < 0 ? bound + size : bound));
    }
}
