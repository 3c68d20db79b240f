package dev.quern.text.chat;

import dev.quern.text.MarkedText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a function, filter or test is called with; the keys of {@code named} are strings. */
record Arguments(Evaluation evaluation, List<Value> positional, Value.Dict named) {
    static Arguments none(Evaluation evaluation) {
        return new Arguments(evaluation, List.of(), new Value.Dict());
    }

    /**
     * The arguments in the order of their names; null where one is not given.
     *
     * @param what what is called, for messages
     * @param required how many of them, from the first on, must be given
     */
    @Nullable
    Value[] bind(String what, int required, String... names) {
        @Nullable Value[] bound = new Value[names.length];
        if (positional.size() > names.length) {
            throw evaluation.problem(
                    what + " takes " + names.length + " arguments at most, but gets " + positional.size() + ".");
        }
        for (int index = 0; index < positional.size(); index++) {
            bound[index] = positional.get(index);
        }
        for (Map.Entry<Object, Map.Entry<Value, Value>> argument :
                named.entries().entrySet()) {
            String name = (String) argument.getKey();
            int index = 0;
            while (index < names.length && !names[index].equals(name)) {
                index++;
            }
            if (index == names.length) {
                throw evaluation.problem(what + " has no argument '" + name + "'"
                        + (names.length == 0 ? "." : "; it has " + String.join(", ", names) + "."));
            }
            if (bound[index] != null) {
                throw evaluation.problem(what + " gets the argument '" + name + "' twice.");
            }
            bound[index] = argument.getValue().getValue();
        }
        for (int index = 0; index < required; index++) {
            if (bound[index] == null) {
                throw evaluation.problem(what + " needs the argument '" + names[index] + "'.");
            }
        }
        return bound;
    }

    /** An argument that must be there after {@link #bind}. */
    static Value given(@Nullable Value value) {
        return value == null ? Values.NONE : value;
    }

    boolean flag(@Nullable Value value, boolean missing) {
        return value == null ? missing : Operations.truth(value);
    }

    long integer(String name, @Nullable Value value, long missing) {
        if (value == null) {
            return missing;
        }
        Operations.defined(evaluation, value);
        Long integer = Operations.integer(value);
        if (integer == null) {
            throw evaluation.problem("the argument '" + name + "' must be an integer; it is " + value.type() + ".");
        }
        return integer;
    }

    String text(String name, @Nullable Value value) {
        return marked(name, value).text();
    }

    MarkedText marked(String name, @Nullable Value value) {
        if (value instanceof Value.Text text) {
            return text.marked();
        }
        Value given = given(value);
        Operations.defined(evaluation, given);
        throw evaluation.problem("the argument '" + name + "' must be a string; it is " + given.type() + ".");
    }

    /** A string, or null where it is missing or none. */
    @Nullable
    String optionalText(String name, @Nullable Value value) {
        return value == null || value instanceof Value.Nothing ? null : text(name, value);
    }

    /** Without the first positional argument. */
    Arguments rest() {
        return new Arguments(evaluation, positional.subList(1, positional.size()), named);
    }
}
