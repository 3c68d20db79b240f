package dev.quern.text.chat;

import dev.quern.text.MarkedText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What may stand after {@code |}: filters of single values here, those of many in {@link CollectionFilters}. */
final class Filters {
    /** Makes another value of one. */
    interface Filter {
        Value apply(Value value, Arguments arguments);
    }

    private static final Map<String, Filter> FILTERS = new LinkedHashMap<>();

    static {
        FILTERS.put("tojson", (value, arguments) -> JsonText.filter(arguments.evaluation(), value, arguments));
        FILTERS.put("default", Filters::fallback);
        FILTERS.put("d", Filters::fallback);
        FILTERS.put("trim", (value, arguments) -> {
            @Nullable Value[] given = arguments.bind("the filter 'trim'", 0, "chars");
            Value.Text text = soft(arguments.evaluation(), value);
            MarkedText stripped = Strings.strip(text.marked(), arguments.optionalText("chars", given[0]), true, true);
            return new Value.Text(stripped, text.markup());
        });
        text("string", text -> text);
        text("upper", Strings::upper);
        text("lower", Strings::lower);
        text("capitalize", Strings::capitalize);
        FILTERS.put("title", (value, arguments) -> {
            arguments.bind("the filter 'title'", 0);
            return Value.of(Strings.changed(soft(arguments.evaluation(), value).marked(), Filters::title));
        });
        FILTERS.put("safe", (value, arguments) -> {
            arguments.bind("the filter 'safe'", 0);
            return new Value.Text(soft(arguments.evaluation(), value).marked(), true);
        });
        FILTERS.put("e", Filters::escape);
        FILTERS.put("escape", Filters::escape);
        FILTERS.put("forceescape", (value, arguments) -> {
            arguments.bind("the filter 'forceescape'", 0);
            return new Value.Text(
                    Strings.escape(soft(arguments.evaluation(), value).marked()), true);
        });
        FILTERS.put("replace", Filters::replace);
        FILTERS.put("indent", Filters::indent);
        FILTERS.put("truncate", Filters::truncate);
        FILTERS.put("center", (value, arguments) -> {
            @Nullable Value[] given = arguments.bind("the filter 'center'", 0, "width");
            Value method = TextMethods.find(arguments.evaluation(), soft(arguments.evaluation(), value), "center");
            Value width = given[0] == null ? Value.of(80) : given[0];
            return method instanceof Value.Function center
                    ? center.call(new Arguments(arguments.evaluation(), List.of(width), new Value.Dict()))
                    : value;
        });
        FILTERS.put("format", (value, arguments) -> {
            Value values = arguments.named().size() > 0 ? arguments.named() : new Value.Tuple(arguments.positional());
            return Value.of(Formats.percent(
                    arguments.evaluation(), soft(arguments.evaluation(), value).marked(), values));
        });
        FILTERS.put("wordcount", (value, arguments) -> {
            arguments.bind("the filter 'wordcount'", 0);
            return Value.of(words(soft(arguments.evaluation(), value).text()));
        });
        FILTERS.put("attr", (value, arguments) -> {
            String name = arguments.text("name", arguments.bind("the filter 'attr'", 1, "name")[0]);
            if (value instanceof Value.Dict) {
                Value own = Access.attribute(arguments.evaluation(), new Value.Dict(), name);
                return own instanceof Value.Undefined ? own : Access.attribute(arguments.evaluation(), value, name);
            }
            return Access.attribute(arguments.evaluation(), value, name);
        });
        NumberFilters.register(FILTERS);
        CollectionFilters.register(FILTERS);
    }

    private Filters() {}

    private static void text(String name, Strings.Change change) {
        FILTERS.put(name, (value, arguments) -> {
            arguments.bind("the filter '" + name + "'", 0);
            Value.Text text = soft(arguments.evaluation(), value);
            MarkedText changed = Strings.changed(text.marked(), change);
            arguments.evaluation().characters(changed.length());
            return new Value.Text(changed, text.markup());
        });
    }

    /** The filter of that name, null where there is none. */
    static @Nullable Filter find(String name) {
        return FILTERS.get(name);
    }

    /** All names. */
    static String names() {
        return String.join(", ", FILTERS.keySet());
    }

    /** A string as it is, everything else as it prints. */
    static Value.Text soft(Evaluation evaluation, Value value) {
        if (value instanceof Value.Text text) {
            evaluation.characters(text.text().length());
            return text;
        }
        return new Value.Text(Printer.print(evaluation, value), false);
    }

    private static Value fallback(Value value, Arguments arguments) {
        @Nullable Value[] given = arguments.bind("the filter 'default'", 0, "default_value", "boolean");
        boolean missing = value instanceof Value.Undefined
                || (given[1] != null && Operations.truth(given[1]) && !Operations.truth(value));
        return !missing ? value : given[0] == null ? Value.of("") : given[0];
    }

    private static Value escape(Value value, Arguments arguments) {
        arguments.bind("the filter 'escape'", 0);
        Value.Text text = soft(arguments.evaluation(), value);
        return text.markup() ? text : new Value.Text(Strings.escape(text.marked()), true);
    }

    private static Value replace(Value value, Arguments arguments) {
        Evaluation evaluation = arguments.evaluation();
        @Nullable Value[] given = arguments.bind("the filter 'replace'", 2, "old", "new", "count");
        String old = soft(evaluation, Arguments.given(given[0])).text();
        MarkedText replacement = soft(evaluation, Arguments.given(given[1])).marked();
        long count = given[2] instanceof Value.Nothing ? -1 : arguments.integer("count", given[2], -1);
        return Value.of(Strings.replace(evaluation, soft(evaluation, value).marked(), old, replacement, count));
    }

    /** Capital letters where words begin: after blanks, hyphens and opening brackets. */
    private static String title(String text) {
        StringBuilder titled = new StringBuilder();
        boolean first = true;
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            int end = at + Character.charCount(codePoint);
            String character = text.substring(at, end);
            if ("-({[<".indexOf(codePoint) >= 0 || Characters.isSpace(codePoint)) {
                first = true;
                titled.append(character);
            } else {
                titled.append(first ? Strings.upper(character) : Strings.lower(character));
                first = false;
            }
            at = end;
        }
        return titled.toString();
    }

    /** Runs of letters, digits and underscores. */
    private static long words(String text) {
        long words = 0;
        boolean within = false;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            boolean continues = Characters.continuesName(text.codePointAt(at));
            words += continues && !within ? 1 : 0;
            within = continues;
        }
        return words;
    }

    private static Value indent(Value value, Arguments arguments) {
        Evaluation evaluation = arguments.evaluation();
        @Nullable Value[] given = arguments.bind("the filter 'indent'", 0, "width", "first", "blank");
        MarkedText indent = given[0] instanceof Value.Text text
                ? text.marked()
                : MarkedText.written(Strings.repeat(" ", Math.min(1000, arguments.integer("width", given[0], 4))));
        boolean blank = arguments.flag(given[2], false);
        Value.Text text = soft(evaluation, value);
        MarkedText ended = text.marked().concat(MarkedText.written("\n"));
        List<MarkedText> lines = new ArrayList<>(Strings.lines(ended, false));
        BoundedText out = new BoundedText(evaluation);
        out.append(arguments.flag(given[1], false) ? indent : MarkedText.EMPTY).append(lines.get(0));
        for (MarkedText line : lines.subList(1, lines.size())) {
            out.append("\n")
                    .append(blank || !line.isEmpty() ? indent : MarkedText.EMPTY)
                    .append(line);
        }
        return new Value.Text(out.marked(), text.markup());
    }

    private static Value truncate(Value value, Arguments arguments) {
        Evaluation evaluation = arguments.evaluation();
        @Nullable Value[] given = arguments.bind("the filter 'truncate'", 0, "length", "killwords", "end", "leeway");
        Value.Text text = soft(evaluation, value);
        MarkedText end = given[2] == null ? MarkedText.written("...") : arguments.marked("end", given[2]);
        long endLength = end.text().codePointCount(0, end.length());
        long length = arguments.integer("length", given[0], 255);
        long leeway = given[3] instanceof Value.Nothing ? 5 : arguments.integer("leeway", given[3], 5);
        if (length < endLength || leeway < 0) {
            throw evaluation.problem(
                    "'truncate' needs a length of at least " + endLength + " and a leeway of at least 0.");
        }
        if (text.text().codePointCount(0, text.text().length()) <= length + leeway) {
            return text;
        }
        MarkedText kept = Strings.slice(text.marked(), 0, (int) (length - endLength), 1);
        if (!arguments.flag(given[1], false)) {
            int blank = kept.text().lastIndexOf(' ');
            kept = blank < 0 ? kept : kept.substring(0, blank);
        }
        return Value.of(kept.concat(end));
    }
}
