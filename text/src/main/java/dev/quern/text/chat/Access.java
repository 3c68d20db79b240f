package dev.quern.text.chat;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Attributes and items: {@code a.b} looks for a method before a key, {@code a['b']} for a key before a method. */
final class Access {
    private static final List<String> LIST_CHANGES =
            List.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
    private static final List<String> DICT_CHANGES = List.of("clear", "pop", "popitem", "setdefault", "update");

    private Access() {}

    static Value attribute(Evaluation evaluation, Value target, String name) {
        evaluation.looksAt(target);
        Value found = own(evaluation, target, name);
        if (found != null) {
            return found;
        }
        Value entry = target instanceof Value.Dict dict ? dict.get(name) : null;
        return entry == null ? missing(target, name) : entry;
    }

    /** {@code target[key]}, and what filters such as {@code map(attribute=…)} look up. */
    static Value item(Evaluation evaluation, Value target, Value key) {
        Operations.defined(evaluation, target);
        evaluation.looksAt(target);
        if (target instanceof Value.Dict dict && !(key instanceof Value.ListValue) && !(key instanceof Value.Dict)) {
            Value entry = dict.get(Keys.of(evaluation, key));
            if (entry != null) {
                return entry;
            }
        }
        Long index = target instanceof Value.Dict ? null : Operations.integer(key);
        Value item = index == null ? null : Sequences.at(evaluation, target, index);
        if (item != null) {
            return item;
        }
        if (key instanceof Value.Text name) {
            Value found = own(evaluation, target, name.text());
            return found == null ? missing(target, name.text()) : found;
        }
        return new Value.Undefined(target.type() + " has no element " + Printer.show(evaluation, key));
    }

    private static Value.Undefined missing(Value target, String name) {
        return new Value.Undefined(target.type() + " has no attribute '" + name + "'");
    }

    /** What a value itself has by that name, methods above all. */
    private static @Nullable Value own(Evaluation evaluation, Value target, String name) {
        Operations.defined(evaluation, target);
        if (name.startsWith("__") && name.endsWith("__") && name.length() > 4) {
            return new Value.Undefined("templates may not look at '" + name + "' of " + target.type());
        }
        return switch (target) {
            case Value.Text text -> TextMethods.find(evaluation, text, name);
            case Value.Dict dict -> dictMethod(evaluation, dict, name);
            case Value.ListValue list -> listMethod(evaluation, list.items(), name, true);
            case Value.Tuple tuple ->
                tuple.names().contains(name)
                        ? tuple.items().get(tuple.names().indexOf(name))
                        : listMethod(evaluation, tuple.items(), name, false);
            case Value.Namespace namespace -> namespace.attributes().get(name);
            case Value.Loop loop -> loop.attribute(name);
            default -> null;
        };
    }

    private static Value.Undefined forbidden(String name, Value target) {
        return new Value.Undefined("'" + name + "' of " + target.type()
                + " would change it, and templates may not change what they are given");
    }

    private static @Nullable Value dictMethod(Evaluation evaluation, Value.Dict dict, String name) {
        if (DICT_CHANGES.contains(name)) {
            return forbidden(name, dict);
        }
        return switch (name) {
            case "get" ->
                new Value.Function(name, arguments -> {
                    @Nullable Value[] given = arguments.bind("'get' of a dict", 1, "key", "default");
                    Value entry = dict.get(Keys.of(evaluation, Arguments.given(given[0])));
                    return entry == null ? Arguments.given(given[1]) : entry;
                });
            case "items" -> view(name, () -> new Value.View("dict_items", dict.items()));
            case "keys" -> view(name, () -> new Value.View("dict_keys", dict.keys()));
            case "values" -> view(name, () -> new Value.View("dict_values", dict.values()));
            case "copy" -> view(name, () -> dict);
            default -> null;
        };
    }

    private static Value view(String name, Supplier<Value> result) {
        return new Value.Function(name, arguments -> {
            arguments.bind("'" + name + "' of a dict", 0);
            return result.get();
        });
    }

    private static @Nullable Value listMethod(Evaluation evaluation, List<Value> items, String name, boolean list) {
        if (list && LIST_CHANGES.contains(name)) {
            return forbidden(name, Value.list(items));
        }
        return switch (name) {
            case "count" ->
                new Value.Function(name, arguments -> {
                    Value wanted = Arguments.given(arguments.bind("'count'", 1, "value")[0]);
                    long count = 0;
                    for (Value item : items) {
                        count += Operations.equal(evaluation, item, wanted) ? 1 : 0;
                    }
                    return Value.of(count);
                });
            case "index" ->
                new Value.Function(name, arguments -> {
                    Value wanted = Arguments.given(arguments.bind("'index'", 1, "value")[0]);
                    for (int index = 0; index < items.size(); index++) {
                        if (Operations.equal(evaluation, items.get(index), wanted)) {
                            return Value.of(index);
                        }
                    }
                    throw evaluation.problem("'index' does not find the value in the list.");
                });
            case "copy" -> list ? new Value.Function(name, arguments -> Value.list(items)) : null;
            default -> null;
        };
    }
}
