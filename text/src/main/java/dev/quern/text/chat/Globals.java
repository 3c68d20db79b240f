package dev.quern.text.chat;

import dev.quern.text.MarkedText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions that every chat template may call. */
final class Globals {
    private static final int RANGE = 100_000;

    private Globals() {}

    static void register(Evaluation evaluation, Scope scope, @Nullable ChatTime time) {
        function(scope, "raise_exception", arguments -> {
            Value message = Arguments.given(arguments.bind("'raise_exception'", 1, "message")[0]);
            throw evaluation.refused(Printer.print(evaluation, message).text());
        });
        function(scope, "range", arguments -> range(evaluation, arguments));
        function(scope, "dict", arguments -> dict(evaluation, arguments));
        function(scope, "namespace", arguments -> {
            Value.Namespace namespace = new Value.Namespace();
            for (Map.Entry<Value, Value> entry :
                    dict(evaluation, arguments).entries().values()) {
                MarkedText name = Printer.print(evaluation, entry.getKey());
                namespace.attributes().put(name.text(), Value.of(name), entry.getValue());
            }
            return namespace;
        });
        if (time != null) {
            function(scope, "strftime_now", arguments -> {
                MarkedText format = arguments.marked("format", arguments.bind("'strftime_now'", 1, "format")[0]);
                return Value.of(format.becomes(TimeFormat.format(evaluation, time, format.text())));
            });
        }
    }

    private static void function(Scope scope, String name, Value.Function.Body body) {
        scope.set(name, new Value.Function(name, body));
    }

    private static Value range(Evaluation evaluation, Arguments arguments) {
        @Nullable Value[] given = arguments.bind("'range'", 1, "start", "stop", "step");
        long first = arguments.integer("start", given[0], 0);
        long start = given[1] == null ? 0 : first;
        long stop = given[1] == null ? first : arguments.integer("stop", given[1], 0);
        long step = arguments.integer("step", given[2], 1);
        if (step == 0) {
            throw evaluation.problem("the step of 'range' is 0.");
        }
        double size = Math.max(0, Math.ceil(((double) stop - start) / step));
        if (size > RANGE) {
            throw evaluation.limit("a range of " + (long) size + " numbers; at most " + RANGE + " are allowed.");
        }
        return new Value.Range(start, stop, step);
    }

    private static Value.Dict dict(Evaluation evaluation, Arguments arguments) {
        Value.Dict dict = new Value.Dict();
        if (arguments.positional().size() > 1) {
            throw evaluation.problem("'dict' takes one positional argument at most.");
        }
        for (Value source : arguments.positional()) {
            if (source instanceof Value.Dict other) {
                dict.putAll(other);
                continue;
            }
            for (Value pair : Sequences.items(evaluation, source)) {
                List<Value> both = Sequences.items(evaluation, pair);
                if (both.size() != 2) {
                    throw evaluation.problem("'dict' needs pairs of a key and a value.");
                }
                dict.put(Keys.of(evaluation, both.get(0)), both.get(0), both.get(1));
            }
        }
        dict.putAll(arguments.named());
        return dict;
    }
}
