package dev.quern.text.chat;

import dev.quern.text.MarkedText;
import dev.quern.text.chat.Expression.Operator;
import dev.quern.text.chat.Expression.Relation;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Truth, equality, order and arithmetic of values, as in Python. */
final class Operations {
    private Operations() {}

    static boolean truth(Value value) {
        return switch (value) {
            case Value.Nothing ignored -> false;
            case Value.Bool bool -> bool.value();
            case Value.Int integer -> integer.value() != 0;
            case Value.Real number -> number.value() != 0;
            case Value.Text text -> !text.text().isEmpty();
            case Value.ListValue list -> !list.items().isEmpty();
            case Value.Tuple tuple -> !tuple.items().isEmpty();
            case Value.Dict dict -> dict.size() > 0;
            case Value.View view -> !view.items().isEmpty();
            case Value.Range range -> range.size() > 0;
            case Value.Undefined ignored -> false;
            case Value.Generator ignored -> true;
            case Value.Namespace ignored -> true;
            case Value.Function ignored -> true;
            case Value.Loop ignored -> true;
        };
    }

    /** A boolean or an integer as a number, null for everything else. */
    static @Nullable Long integer(Value value) {
        return switch (value) {
            case Value.Int integer -> (Long) integer.value();
            case Value.Bool bool -> bool.value() ? 1L : 0L;
            default -> null;
        };
    }

    /** Any number, null for everything else. */
    static @Nullable Double number(Value value) {
        if (value instanceof Value.Real number) {
            return number.value();
        }
        Long integer = integer(value);
        return integer == null ? null : (Double) (double) (long) integer;
    }

    static boolean equal(Evaluation evaluation, Value a, Value b) {
        evaluation.enter();
        boolean equal = equalValues(evaluation, a, b);
        evaluation.leave();
        return equal;
    }

    private static boolean equalValues(Evaluation evaluation, Value a, Value b) {
        if (a instanceof Value.Text x && b instanceof Value.Text y) {
            evaluation.characters(Math.min(x.text().length(), y.text().length()));
            return x.text().equals(y.text());
        }
        Long x = integer(a);
        Long y = integer(b);
        if (x != null && y != null) {
            return x.longValue() == y.longValue();
        }
        Double v = number(a);
        Double w = number(b);
        if (v != null && w != null) {
            return v.doubleValue() == w.doubleValue();
        }
        if (a instanceof Value.ListValue p && b instanceof Value.ListValue q) {
            return equalItems(evaluation, p.items(), q.items());
        }
        if (a instanceof Value.Tuple p && b instanceof Value.Tuple q) {
            return equalItems(evaluation, p.items(), q.items());
        }
        if (a instanceof Value.Dict p && b instanceof Value.Dict q) {
            return equalEntries(evaluation, p, q);
        }
        if ((a instanceof Value.Undefined && b instanceof Value.Undefined)
                || (a instanceof Value.Nothing && b instanceof Value.Nothing)) {
            return true;
        }
        return isSame(a, b) || (a instanceof Value.Range && a.equals(b));
    }

    /** Whether they are one object. */
    @SuppressWarnings("ReferenceEquality") // that is the question
    static boolean isSame(Value a, Value b) {
        return a == b;
    }

    private static boolean equalItems(Evaluation evaluation, List<Value> a, List<Value> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int index = 0; index < a.size(); index++) {
            if (!equal(evaluation, a.get(index), b.get(index))) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalEntries(Evaluation evaluation, Value.Dict a, Value.Dict b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<Object, Map.Entry<Value, Value>> entry : a.entries().entrySet()) {
            Value other = b.get(entry.getKey());
            if (other == null || !equal(evaluation, entry.getValue().getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a relation holds. */
    static boolean holds(Evaluation evaluation, Relation relation, Value a, Value b) {
        return switch (relation) {
            case EQUAL -> equal(evaluation, a, b);
            case NOT_EQUAL -> !equal(evaluation, a, b);
            case IN -> contains(evaluation, b, a);
            case NOT_IN -> !contains(evaluation, b, a);
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> {
                Double x = number(a);
                Double y = number(b);
                if (x != null && y != null && (x.isNaN() || y.isNaN())) {
                    yield false;
                }
                int order = compare(evaluation, relation.symbol(), a, b);
                yield relation == Relation.LESS
                        ? order < 0
                        : relation == Relation.LESS_OR_EQUAL
                                ? order <= 0
                                : relation == Relation.GREATER ? order > 0 : order >= 0;
            }
        };
    }

    /** The order of two values; a problem where they have none. */
    static int compare(Evaluation evaluation, String symbol, Value a, Value b) {
        Long x = integer(a);
        Long y = integer(b);
        if (x != null && y != null) {
            return Long.compare(x, y);
        }
        Double v = number(a);
        Double w = number(b);
        if (v != null && w != null) {
            return v < w ? -1 : v > w ? 1 : 0;
        }
        if (a instanceof Value.Text p && b instanceof Value.Text q) {
            evaluation.characters(Math.min(p.text().length(), q.text().length()));
            return Strings.compare(p.text(), q.text());
        }
        List<Value> p = a instanceof Value.ListValue list ? list.items() : null;
        List<Value> q = b instanceof Value.ListValue list ? list.items() : null;
        if (a instanceof Value.Tuple s && b instanceof Value.Tuple t) {
            p = s.items();
            q = t.items();
        }
        if (p == null || q == null) {
            defined(evaluation, a);
            defined(evaluation, b);
            throw evaluation.problem("'" + symbol + "' cannot compare " + a.type() + " with " + b.type() + ".");
        }
        evaluation.enter();
        int order = Integer.compare(p.size(), q.size());
        for (int index = 0; index < Math.min(p.size(), q.size()); index++) {
            if (!equal(evaluation, p.get(index), q.get(index))) {
                order = compare(evaluation, symbol, p.get(index), q.get(index));
                break;
            }
        }
        evaluation.leave();
        return order;
    }

    private static boolean contains(Evaluation evaluation, Value container, Value item) {
        if (container instanceof Value.Text text) {
            if (item instanceof Value.Text part) {
                evaluation.characters(text.text().length());
                return text.text().contains(part.text());
            }
            defined(evaluation, item);
            throw evaluation.problem("'in' looks for " + item.type() + " in a string; only strings are in strings.");
        }
        if (container instanceof Value.Dict dict) {
            return dict.get(Keys.of(evaluation, item)) != null;
        }
        Iterator<Value> items = Sequences.iterate(evaluation, container);
        while (items.hasNext()) {
            if (equal(evaluation, items.next(), item)) {
                return true;
            }
        }
        return false;
    }

    /** A problem if the value is undefined. */
    static void defined(Evaluation evaluation, Value value) {
        if (value instanceof Value.Undefined undefined) {
            throw evaluation.problem(undefined.message() + ".");
        }
    }

    static Value compute(Evaluation evaluation, Operator operator, Value a, Value b) {
        if (operator == Operator.MODULO && a instanceof Value.Text format) {
            return Value.of(Formats.percent(evaluation, format.marked(), b));
        }
        defined(evaluation, a);
        defined(evaluation, b);
        Long x = integer(a);
        Long y = integer(b);
        if (x != null && y != null) {
            return Arithmetic.integers(evaluation, operator, x, y);
        }
        Double v = number(a);
        Double w = number(b);
        if (v != null && w != null) {
            return Arithmetic.floats(evaluation, operator, v, w);
        }
        if (operator == Operator.ADD) {
            if (a instanceof Value.Text p && b instanceof Value.Text q) {
                return add(evaluation, p, q);
            }
            if (a instanceof Value.ListValue p && b instanceof Value.ListValue q) {
                return Value.list(concatenated(evaluation, p.items(), q.items()));
            }
            if (a instanceof Value.Tuple p && b instanceof Value.Tuple q) {
                return new Value.Tuple(concatenated(evaluation, p.items(), q.items()));
            }
        }
        if (operator == Operator.MULTIPLY && (x != null || y != null)) {
            Value repeated = repeated(evaluation, x == null ? a : b, x == null ? y : x);
            if (repeated != null) {
                return repeated;
            }
        }
        throw evaluation.problem(
                "'" + operator.symbol() + "' cannot be applied to " + a.type() + " and " + b.type() + ".");
    }

    private static Value add(Evaluation evaluation, Value.Text a, Value.Text b) {
        boolean markup = a.markup() || b.markup();
        MarkedText left = markup && !a.markup() ? Strings.escape(a.marked()) : a.marked();
        MarkedText right = markup && !b.markup() ? Strings.escape(b.marked()) : b.marked();
        evaluation.characters((long) left.length() + right.length());
        return new Value.Text(left.concat(right), markup);
    }

    private static List<Value> concatenated(Evaluation evaluation, List<Value> a, List<Value> b) {
        evaluation.items((long) a.size() + b.size());
        List<Value> items = new ArrayList<>(a.size() + b.size());
        items.addAll(a);
        items.addAll(b);
        return items;
    }

    private static @Nullable Value repeated(Evaluation evaluation, Value value, @Nullable Long times) {
        long count = times == null ? 0 : Math.max(0, Math.min(times, Integer.MAX_VALUE));
        return switch (value) {
            case Value.Text text -> {
                evaluation.characters(text.text().length() * count);
                yield new Value.Text(Strings.repeat(text.marked(), text.text().isEmpty() ? 0 : count), text.markup());
            }
            case Value.ListValue list -> Value.list(repeated(evaluation, list.items(), count));
            case Value.Tuple tuple -> new Value.Tuple(repeated(evaluation, tuple.items(), count));
            default -> null;
        };
    }

    private static List<Value> repeated(Evaluation evaluation, List<Value> items, long count) {
        evaluation.items(items.size() * count);
        List<Value> all = new ArrayList<>();
        for (long time = 0; time < count && !items.isEmpty(); time++) {
            all.addAll(items);
        }
        return all;
    }
}
