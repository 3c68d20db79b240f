package dev.quern.text.chat;

import java.util.ArrayList;
import java.util.List;

/** Keys of dicts, such that keys which are equal in Python are equal here: 1, 1.0 and true are one key. */
final class Keys {
    private Keys() {}

    /** The key that a value is. */
    static Object of(Evaluation evaluation, Value value) {
        return switch (value) {
            case Value.Text text -> text.text();
            case Value.Bool bool -> bool.value() ? 1L : 0L;
            case Value.Int integer -> integer.value();
            case Value.Real number ->
                number.value() == (long) number.value() ? (Object) (long) number.value() : (Object) number.value();
            case Value.Tuple tuple -> {
                evaluation.enter();
                List<Object> keys = new ArrayList<>();
                for (Value item : tuple.items()) {
                    keys.add(of(evaluation, item));
                }
                evaluation.leave();
                yield keys;
            }
            case Value.ListValue ignored -> throw notKey(evaluation, value);
            case Value.Dict ignored -> throw notKey(evaluation, value);
            case Value.Undefined ignored -> Value.Undefined.class;
            case Value.Nothing ignored -> Values.NONE;
            case Value.View ignored -> value;
            case Value.Range ignored -> value;
            case Value.Generator ignored -> value;
            case Value.Namespace ignored -> value;
            case Value.Function ignored -> value;
            case Value.Loop ignored -> value;
        };
    }

    private static ChatTemplateException notKey(Evaluation evaluation, Value value) {
        return evaluation.problem(value.type() + " cannot be the key of a dict.");
    }
}
