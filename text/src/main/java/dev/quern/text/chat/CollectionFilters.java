package dev.quern.text.chat;

import dev.quern.text.MarkedText;
import dev.quern.text.chat.Expression.Operator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Filters of lists, dicts and everything else that has items. */
final class CollectionFilters {
    private CollectionFilters() {}

    static void register(Map<String, Filters.Filter> filters) {
        filters.put("length", CollectionFilters::length);
        filters.put("count", CollectionFilters::length);
        filters.put("list", (value, arguments) -> {
            arguments.bind("the filter 'list'", 0);
            return Value.list(Sequences.items(arguments.evaluation(), value));
        });
        filters.put("first", (value, arguments) -> {
            arguments.bind("the filter 'first'", 0);
            Iterator<Value> items = Sequences.iterate(arguments.evaluation(), value);
            return items.hasNext()
                    ? items.next()
                    : new Value.Undefined("there is no first item: the sequence is empty");
        });
        filters.put("last", CollectionFilters::last);
        filters.put("reverse", CollectionFilters::reverse);
        filters.put("join", CollectionFilters::join);
        filters.put("items", (value, arguments) -> {
            arguments.bind("the filter 'items'", 0);
            if (value instanceof Value.Dict dict) {
                return new Value.Generator(dict.items().iterator());
            }
            if (value instanceof Value.Undefined) {
                return new Value.Generator(Collections.<Value>emptyList().iterator());
            }
            throw arguments.evaluation().problem("'items' needs a dict; it gets " + value.type() + ".");
        });
        filters.put("dictsort", CollectionFilters::dictsort);
        filters.put("sort", CollectionFilters::sort);
        filters.put("unique", CollectionFilters::unique);
        filters.put("min", (value, arguments) -> extreme("min", value, arguments, -1));
        filters.put("max", (value, arguments) -> extreme("max", value, arguments, 1));
        filters.put("sum", CollectionFilters::sum);
        filters.put("batch", CollectionFilters::batch);
        filters.put("slice", CollectionFilters::slices);
        filters.put("groupby", CollectionFilters::groupby);
        Selections.register(filters);
    }

    private static Value length(Value value, Arguments arguments) {
        arguments.bind("the filter 'length'", 0);
        Integer length = Sequences.length(value);
        if (length == null) {
            throw arguments.evaluation().problem(value.type() + " has no length.");
        }
        return Value.of(length);
    }

    private static Value last(Value value, Arguments arguments) {
        arguments.bind("the filter 'last'", 0);
        if (value instanceof Value.Generator || value instanceof Value.Loop) {
            throw arguments.evaluation().problem(value.type() + " cannot be gone through from its end.");
        }
        List<Value> items = Sequences.items(arguments.evaluation(), value);
        return items.isEmpty()
                ? new Value.Undefined("there is no last item: the sequence is empty")
                : items.get(items.size() - 1);
    }

    private static Value reverse(Value value, Arguments arguments) {
        arguments.bind("the filter 'reverse'", 0);
        if (value instanceof Value.Text text) {
            int length = text.text().codePointCount(0, text.text().length());
            arguments.evaluation().characters(text.text().length());
            return new Value.Text(Strings.slice(text.marked(), length - 1, -1, -1), text.markup());
        }
        List<Value> reversed = new ArrayList<>(Sequences.items(arguments.evaluation(), value));
        Collections.reverse(reversed);
        return value instanceof Value.Generator || value instanceof Value.Undefined
                ? Value.list(reversed)
                : new Value.Generator(reversed.iterator());
    }

    private static Value join(Value value, Arguments arguments) {
        Evaluation evaluation = arguments.evaluation();
        @Nullable Value[] given = arguments.bind("the filter 'join'", 0, "d", "attribute");
        MarkedText separator = given[0] == null ? MarkedText.EMPTY : Printer.print(evaluation, given[0]);
        BoundedText joined = new BoundedText(evaluation);
        Iterator<Value> items = Sequences.iterate(evaluation, value);
        for (boolean first = true; items.hasNext(); first = false) {
            Value item = attribute(evaluation, items.next(), given[1], null);
            joined.append(first ? MarkedText.EMPTY : separator).append(Printer.print(evaluation, item));
        }
        return Value.of(joined.marked());
    }

    /** The item itself, or what its path of attributes leads to. */
    static Value attribute(Evaluation evaluation, Value item, @Nullable Value path, @Nullable Value fallback) {
        if (path == null || path instanceof Value.Nothing) {
            return item;
        }
        Value value = item;
        if (path instanceof Value.Text text) {
            for (MarkedText part : Strings.split(text.marked(), ".", -1)) {
                Long index = Numbers.parseInteger(part.text(), 10);
                value = Access.item(evaluation, value, index == null ? Value.of(part) : Value.of(index));
                if (fallback != null && value instanceof Value.Undefined) {
                    value = fallback;
                }
            }
            return value;
        }
        value = Access.item(evaluation, item, path);
        return fallback != null && value instanceof Value.Undefined ? fallback : value;
    }

    private static Value folded(Value value, boolean caseSensitive) {
        return !caseSensitive && value instanceof Value.Text text ? Value.of(Strings.lower(text.text())) : value;
    }

    private static List<Value> sorted(
            Evaluation evaluation, List<Value> items, List<List<Value>> keys, boolean reverse) {
        List<Integer> order = new ArrayList<>();
        for (int index = 0; index < items.size(); index++) {
            order.add(index);
        }
        Comparator<Integer> comparator = (a, b) -> {
            evaluation.step();
            List<Value> x = keys.get(a);
            List<Value> y = keys.get(b);
            for (int index = 0; index < x.size(); index++) {
                int compared = Operations.compare(evaluation, "<", x.get(index), y.get(index));
                if (compared != 0) {
                    return compared;
                }
            }
            return 0;
        };
        order.sort(reverse ? (a, b) -> comparator.compare(b, a) : comparator);
        List<Value> sorted = new ArrayList<>(items.size());
        for (int index : order) {
            sorted.add(items.get(index));
        }
        return sorted;
    }

    private static Value sort(Value value, Arguments arguments) {
        Evaluation evaluation = arguments.evaluation();
        @Nullable Value[] given = arguments.bind("the filter 'sort'", 0, "reverse", "case_sensitive", "attribute");
        boolean caseSensitive = arguments.flag(given[1], false);
        List<@Nullable Value> paths = new ArrayList<>();
        if (given[2] instanceof Value.Text text) {
            for (MarkedText path : Strings.split(text.marked(), ",", -1)) {
                paths.add(Value.of(path));
            }
        } else {
            paths.add(given[2]);
        }
        List<Value> items = Sequences.items(evaluation, value);
        List<List<Value>> keys = new ArrayList<>();
        for (Value item : items) {
            List<Value> key = new ArrayList<>();
            for (Value path : paths) {
                key.add(folded(attribute(evaluation, item, path, null), caseSensitive));
            }
            keys.add(key);
        }
        return Value.list(sorted(evaluation, items, keys, arguments.flag(given[0], false)));
    }

    private static Value dictsort(Value value, Arguments arguments) {
        Evaluation evaluation = arguments.evaluation();
        @Nullable Value[] given = arguments.bind("the filter 'dictsort'", 0, "case_sensitive", "by", "reverse");
        Operations.defined(evaluation, value);
        if (!(value instanceof Value.Dict dict)) {
            throw evaluation.problem("'dictsort' needs a dict; it gets " + value.type() + ".");
        }
        String by = given[1] == null ? "key" : arguments.text("by", given[1]);
        if (!by.equals("key") && !by.equals("value")) {
            throw evaluation.problem("'dictsort' sorts by \"key\" or \"value\", not by \"" + by + "\".");
        }
        List<List<Value>> keys = new ArrayList<>();
        for (Value key : by.equals("key") ? dict.keys() : dict.values()) {
            keys.add(List.of(folded(key, arguments.flag(given[0], false))));
        }
        return Value.list(sorted(evaluation, dict.items(), keys, arguments.flag(given[2], false)));
    }

    private static Value unique(Value value, Arguments arguments) {
        Evaluation evaluation = arguments.evaluation();
        @Nullable Value[] given = arguments.bind("the filter 'unique'", 0, "case_sensitive", "attribute");
        Set<Object> seen = new HashSet<>();
        List<Value> kept = new ArrayList<>();
        for (Value item : Sequences.items(evaluation, value)) {
            Value key = folded(attribute(evaluation, item, given[1], null), arguments.flag(given[0], false));
            if (seen.add(Keys.of(evaluation, key))) {
                kept.add(item);
            }
        }
        return new Value.Generator(kept.iterator());
    }

    private static Value extreme(String name, Value value, Arguments arguments, int sign) {
        Evaluation evaluation = arguments.evaluation();
        @Nullable Value[] given = arguments.bind("the filter '" + name + "'", 0, "case_sensitive", "attribute");
        boolean caseSensitive = arguments.flag(given[0], false);
        Value best = null;
        Value bestKey = Values.NONE;
        for (Value item : Sequences.items(evaluation, value)) {
            Value key = folded(attribute(evaluation, item, given[1], null), caseSensitive);
            if (best == null || Operations.compare(evaluation, "<", key, bestKey) * sign > 0) {
                best = item;
                bestKey = key;
            }
        }
        return best == null ? new Value.Undefined("there is no item: the sequence is empty") : best;
    }

    private static Value sum(Value value, Arguments arguments) {
        Evaluation evaluation = arguments.evaluation();
        @Nullable Value[] given = arguments.bind("the filter 'sum'", 0, "attribute", "start");
        Value sum = given[1] == null ? Value.of(0) : given[1];
        for (Value item : Sequences.items(evaluation, value)) {
            sum = Operations.compute(evaluation, Operator.ADD, sum, attribute(evaluation, item, given[0], null));
        }
        return sum;
    }

    private static Value batch(Value value, Arguments arguments) {
        Evaluation evaluation = arguments.evaluation();
        @Nullable Value[] given = arguments.bind("the filter 'batch'", 1, "linecount", "fill_with");
        long size = Math.min(Evaluation.ITEMS, arguments.integer("linecount", given[0], 1));
        List<Value> batches = new ArrayList<>();
        List<Value> batch = new ArrayList<>();
        for (Value item : Sequences.items(evaluation, value)) {
            if (batch.size() == size) {
                batches.add(Value.list(batch));
                batch = new ArrayList<>();
            }
            batch.add(item);
        }
        if (!batch.isEmpty()) {
            evaluation.items(size);
            while (given[1] != null && !(given[1] instanceof Value.Nothing) && batch.size() < size) {
                batch.add(given[1]);
            }
            batches.add(Value.list(batch));
        }
        return new Value.Generator(batches.iterator());
    }

    private static Value slices(Value value, Arguments arguments) {
        Evaluation evaluation = arguments.evaluation();
        @Nullable Value[] given = arguments.bind("the filter 'slice'", 1, "slices", "fill_with");
        long count = arguments.integer("slices", given[0], 1);
        if (count < 1) {
            throw evaluation.problem("'slice' needs at least one slice; it is to make " + count + ".");
        }
        evaluation.items(count);
        List<Value> items = Sequences.items(evaluation, value);
        int size = items.size() / (int) count;
        int larger = items.size() % (int) count;
        List<Value> slices = new ArrayList<>();
        int start = 0;
        for (int index = 0; index < count; index++) {
            int end = start + size + (index < larger ? 1 : 0);
            List<Value> slice = new ArrayList<>(items.subList(start, end));
            if (given[1] != null && !(given[1] instanceof Value.Nothing) && index >= larger) {
                slice.add(given[1]);
            }
            slices.add(Value.list(slice));
            start = end;
        }
        return new Value.Generator(slices.iterator());
    }

    private static Value groupby(Value value, Arguments arguments) {
        Evaluation evaluation = arguments.evaluation();
        @Nullable Value[] given = arguments.bind("the filter 'groupby'", 1, "attribute", "default", "case_sensitive");
        boolean caseSensitive = arguments.flag(given[2], false);
        List<Value> items = Sequences.items(evaluation, value);
        List<List<Value>> keys = new ArrayList<>();
        for (Value item : items) {
            keys.add(List.of(folded(attribute(evaluation, item, given[0], given[1]), caseSensitive)));
        }
        List<Value> groups = new ArrayList<>();
        List<Value> group = new ArrayList<>();
        Value groupName = Values.NONE;
        Value groupKey = Values.NONE;
        for (Value item : sorted(evaluation, items, keys, false)) {
            Value name = attribute(evaluation, item, given[0], given[1]);
            Value key = folded(name, caseSensitive);
            if (!group.isEmpty() && !Operations.equal(evaluation, key, groupKey)) {
                groups.add(group(groupName, group));
                group = new ArrayList<>();
            }
            if (group.isEmpty()) {
                groupName = name;
                groupKey = key;
            }
            group.add(item);
        }
        if (!group.isEmpty()) {
            groups.add(group(groupName, group));
        }
        return Value.list(groups);
    }

    private static Value group(Value name, List<Value> items) {
        return new Value.Tuple(List.of(name, Value.list(items)), List.of("grouper", "list"));
    }
}
