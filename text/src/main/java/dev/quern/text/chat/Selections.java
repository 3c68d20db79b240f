package dev.quern.text.chat;

import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The filters that apply a filter or a test to each item: map, select, reject, selectattr, rejectattr. They work as
 * items are asked for.
 */
final class Selections {
    private Selections() {}

    static void register(Map<String, Filters.Filter> filters) {
        filters.put("map", Selections::map);
        filters.put("select", (value, arguments) -> select(value, arguments, false, true));
        filters.put("reject", (value, arguments) -> select(value, arguments, false, false));
        filters.put("selectattr", (value, arguments) -> select(value, arguments, true, true));
        filters.put("rejectattr", (value, arguments) -> select(value, arguments, true, false));
    }

    private static Value map(Value value, Arguments arguments) {
        Evaluation evaluation = arguments.evaluation();
        if (!Operations.truth(value)) {
            return nothing();
        }
        if (arguments.positional().isEmpty()) {
            @Nullable Value[] given = arguments.bind("the filter 'map'", 1, "attribute", "default");
            return generator(
                    evaluation, value, item -> CollectionFilters.attribute(evaluation, item, given[0], given[1]));
        }
        String name = arguments.text("filter", arguments.positional().get(0));
        Filters.Filter filter = Filters.find(name);
        if (filter == null) {
            throw evaluation.unsupported("the filter '" + name + "'. Known filters: " + Filters.names() + ".");
        }
        Arguments rest = arguments.rest();
        return generator(evaluation, value, item -> filter.apply(item, rest));
    }

    private static Value select(Value value, Arguments arguments, boolean attribute, boolean wanted) {
        Evaluation evaluation = arguments.evaluation();
        if (!Operations.truth(value)) {
            return nothing();
        }
        Arguments rest = arguments;
        Value path = null;
        if (attribute) {
            if (arguments.positional().isEmpty()) {
                throw evaluation.problem("'selectattr' and 'rejectattr' need the name of an attribute.");
            }
            path = arguments.positional().get(0);
            rest = arguments.rest();
        }
        Tests.Test test = (item, none) -> Operations.truth(item);
        if (!rest.positional().isEmpty()) {
            String name = rest.text("test", rest.positional().get(0));
            Tests.Test named = Tests.find(name);
            if (named == null) {
                throw evaluation.unsupported("the test '" + name + "'. Known tests: " + Tests.names() + ".");
            }
            test = named;
            rest = rest.rest();
        }
        Tests.Test chosen = test;
        Arguments given = rest;
        Value key = path;
        return generator(evaluation, value, item -> {
            Value tested = CollectionFilters.attribute(evaluation, item, key, null);
            return chosen.passes(tested, given) == wanted ? item : null;
        });
    }

    /** What all of them give for what is false, none and undefined values included. */
    private static Value nothing() {
        return new Value.Generator(Collections.<Value>emptyList().iterator());
    }

    /** Makes of an item another one, or nothing. */
    private interface Step {
        @Nullable
        Value apply(Value item);
    }

    private static Value generator(Evaluation evaluation, Value value, Step step) {
        return new Value.Generator(new Mapped(evaluation, Sequences.iterate(evaluation, value), step));
    }

    private static final class Mapped implements Iterator<Value> {
        private final Evaluation evaluation;
        private final Iterator<Value> items;
        private final Step step;
        private @Nullable Value next;

        Mapped(Evaluation evaluation, Iterator<Value> items, Step step) {
            this.evaluation = evaluation;
            this.items = items;
            this.step = step;
        }

        @Override
        public boolean hasNext() {
            evaluation.enter();
            while (next == null && items.hasNext()) {
                evaluation.step();
                next = step.apply(items.next());
            }
            evaluation.leave();
            return next != null;
        }

        @Override
        public Value next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Value item = next;
            next = null;
            return item == null ? Values.NONE : item;
        }
    }
}
