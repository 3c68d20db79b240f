package dev.quern.text.chat;

import dev.quern.text.MarkedText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Methods of strings. */
final class TextMethods {
    /** Methods of Python's strings that are refused by name. */
    private static final List<String> REFUSED = List.of("encode", "translate", "maketrans", "expandtabs", "format_map");

    private final Evaluation evaluation;
    private final Value.Text receiver;
    private final MarkedText marked;
    private final String text;

    private TextMethods(Evaluation evaluation, Value.Text receiver) {
        this.evaluation = evaluation;
        this.receiver = receiver;
        this.marked = receiver.marked();
        this.text = marked.text();
    }

    /** The method of that name, null where strings have none. */
    static @Nullable Value find(Evaluation evaluation, Value.Text receiver, String name) {
        return new TextMethods(evaluation, receiver).method(name);
    }

    private @Nullable Value method(String name) {
        return switch (name) {
            case "upper" -> mapped(name, Strings::upper);
            case "lower", "casefold" -> mapped(name, Strings::lower);
            case "capitalize" -> mapped(name, Strings::capitalize);
            case "title" -> mapped(name, TextMethods::title);
            case "swapcase" -> mapped(name, TextMethods::swapCase);
            case "strip" -> stripping(name, true, true);
            case "lstrip" -> stripping(name, true, false);
            case "rstrip" -> stripping(name, false, true);
            case "split" -> method(name, given -> split(given, false), "sep", "maxsplit");
            case "rsplit" -> method(name, given -> split(given, true), "sep", "maxsplit");
            case "splitlines" -> method(name, given -> texts(Strings.lines(marked, flag(given[0]))), "keepends");
            case "startswith" -> method(name, given -> edge(given, true), "prefix", "start", "end");
            case "endswith" -> method(name, given -> edge(given, false), "suffix", "start", "end");
            case "replace" -> method(name, this::replace, "old", "new", "count");
            case "join" -> method(name, this::join, "iterable");
            case "find" -> method(name, given -> Value.of(find(given, false)), "sub", "start", "end");
            case "rfind" -> method(name, given -> Value.of(find(given, true)), "sub", "start", "end");
            case "index" -> method(name, given -> Value.of(found(find(given, false))), "sub", "start", "end");
            case "rindex" -> method(name, given -> Value.of(found(find(given, true))), "sub", "start", "end");
            case "count" -> method(name, this::count, "sub", "start", "end");
            case "removeprefix" -> method(name, given -> same(without(string("prefix", given[0]), true)), "prefix");
            case "removesuffix" -> method(name, given -> same(without(string("suffix", given[0]), false)), "suffix");
            case "partition" -> method(name, given -> partition(string("sep", given[0]), false), "sep");
            case "rpartition" -> method(name, given -> partition(string("sep", given[0]), true), "sep");
            case "ljust" -> method(name, given -> pad(given, 0, 1), "width", "fillchar");
            case "rjust" -> method(name, given -> pad(given, 1, 0), "width", "fillchar");
            case "center" -> method(name, given -> pad(given, 1, 1), "width", "fillchar");
            case "zfill" -> method(name, this::zeroFill, "width");
            case "format" -> new Value.Function(name, arguments -> same(Formats.braces(evaluation, marked, arguments)));
            case "isalpha" -> all(name, Character::isLetter);
            case "isalnum" -> all(name, Character::isLetterOrDigit);
            case "isdigit", "isdecimal", "isnumeric" -> all(name, Character::isDigit);
            case "isspace" -> all(name, Characters::isSpace);
            case "isprintable" -> method(name, given -> Value.of(text.isEmpty() || all(Characters::isPrintable)));
            case "isascii" -> method(name, given -> Value.of(text.isEmpty() || all(unit -> unit < 0x80)));
            case "isidentifier" ->
                method(
                        name,
                        given ->
                                Value.of(all(Characters::continuesName) && Characters.startsName(text.codePointAt(0))));
            case "isupper" -> method(name, given -> Value.of(isCased(text, true)));
            case "islower" -> method(name, given -> Value.of(isCased(text, false)));
            case "istitle" ->
                method(
                        name,
                        given -> Value.of(
                                text.equals(title(text)) && !Strings.lower(text).equals(Strings.upper(text))));
            default -> {
                if (REFUSED.contains(name)) {
                    throw evaluation.unsupported("the method '" + name + "' of strings.");
                }
                yield null;
            }
        };
    }

    private Value same(MarkedText result) {
        evaluation.characters(result.length());
        return new Value.Text(result, receiver.markup());
    }

    private Value texts(List<MarkedText> parts) {
        evaluation.items(parts.size());
        List<Value> values = new ArrayList<>(parts.size());
        for (MarkedText part : parts) {
            values.add(new Value.Text(part, receiver.markup()));
        }
        return Value.list(values);
    }

    private Value method(String name, Function<@Nullable Value[], Value> body, String... names) {
        boolean needs = names.length > 0
                && List.of("prefix", "suffix", "old", "iterable", "sub", "width")
                        .contains(names[0]);
        int required = name.equals("replace") ? 2 : needs || name.endsWith("partition") ? 1 : 0;
        return new Value.Function(name, arguments -> {
            evaluation.characters(text.length());
            return body.apply(arguments.bind("'" + name + "' of a string", required, names));
        });
    }

    private Value mapped(String name, Strings.Change change) {
        return method(name, given -> same(Strings.changed(marked, change)));
    }

    private Value stripping(String name, boolean left, boolean right) {
        return method(
                name,
                given -> {
                    Value characters = given[0];
                    return same(Strings.strip(
                            marked,
                            characters == null || characters instanceof Value.Nothing
                                    ? null
                                    : string("chars", characters),
                            left,
                            right));
                },
                "chars");
    }

    private String string(String name, @Nullable Value value) {
        return Arguments.none(evaluation).text(name, value);
    }

    private long integer(String name, @Nullable Value value, long missing) {
        return Arguments.none(evaluation).integer(name, value, missing);
    }

    private static boolean flag(@Nullable Value value) {
        return value != null && Operations.truth(value);
    }

    private Value split(@Nullable Value[] given, boolean right) {
        long limit = integer("maxsplit", given[1], -1);
        if (given[0] == null || given[0] instanceof Value.Nothing) {
            return texts(right ? Strings.wordsFromRight(marked, limit) : Strings.words(marked, limit));
        }
        String separator = separator(given[0]);
        return texts(
                right ? Strings.splitFromRight(marked, separator, limit) : Strings.split(marked, separator, limit));
    }

    private String separator(@Nullable Value value) {
        String separator = string("sep", value);
        if (separator.isEmpty()) {
            throw evaluation.problem("a string is split at an empty separator.");
        }
        return separator;
    }

    /** The receiver between two places, which count code points. */
    private String part(@Nullable Value start, @Nullable Value end) {
        return start == null && end == null
                ? text
                : Printer.print(evaluation, Sequences.slice(evaluation, receiver, start, end, null))
                        .text();
    }

    private Value edge(@Nullable Value[] given, boolean start) {
        String part = part(given[1], given[2]);
        List<Value> candidates =
                given[0] instanceof Value.Tuple tuple ? tuple.items() : List.of(Arguments.given(given[0]));
        for (Value candidate : candidates) {
            String edge = string(start ? "prefix" : "suffix", candidate);
            if (start ? part.startsWith(edge) : part.endsWith(edge)) {
                return Values.TRUE;
            }
        }
        return Values.FALSE;
    }

    private Value replace(@Nullable Value[] given) {
        return same(Strings.replace(
                evaluation,
                marked,
                string("old", given[0]),
                Arguments.none(evaluation).marked("new", given[1]),
                integer("count", given[2], -1)));
    }

    private Value join(@Nullable Value[] given) {
        BoundedText joined = new BoundedText(evaluation);
        boolean first = true;
        for (Value item : Sequences.items(evaluation, Arguments.given(given[0]))) {
            if (!first) {
                joined.append(marked);
            }
            first = false;
            if (!(item instanceof Value.Text part)) {
                Operations.defined(evaluation, item);
                throw evaluation.problem("'join' of a string joins strings; one of the items is " + item.type() + ".");
            }
            joined.append(part.marked());
        }
        return new Value.Text(joined.marked(), receiver.markup());
    }

    private long find(@Nullable Value[] given, boolean last) {
        String sub = string("sub", given[0]);
        String part = part(given[1], given[2]);
        int at = last ? part.lastIndexOf(sub) : part.indexOf(sub);
        if (at < 0) {
            return -1;
        }
        long length = text.codePointCount(0, text.length());
        long start = integer("start", given[1] instanceof Value.Nothing ? null : given[1], 0);
        return Math.min(length, Math.max(0, start < 0 ? start + length : start)) + part.codePointCount(0, at);
    }

    private long found(long place) {
        if (place < 0) {
            throw evaluation.problem("'index' does not find the string.");
        }
        return place;
    }

    private Value count(@Nullable Value[] given) {
        String sub = string("sub", given[0]);
        String part = part(given[1], given[2]);
        return Value.of(
                sub.isEmpty()
                        ? part.codePointCount(0, part.length()) + 1
                        : Strings.split(MarkedText.written(part), sub, -1).size() - 1);
    }

    private MarkedText without(String edge, boolean start) {
        if (start) {
            return text.startsWith(edge) ? marked.substring(edge.length()) : marked;
        }
        return text.endsWith(edge) ? marked.substring(0, text.length() - edge.length()) : marked;
    }

    private Value partition(String separator, boolean right) {
        separator(Value.of(separator));
        int at = right ? text.lastIndexOf(separator) : text.indexOf(separator);
        if (at < 0) {
            Value nothing = same(MarkedText.EMPTY);
            return right ? Value.tuple(nothing, nothing, same(marked)) : Value.tuple(same(marked), nothing, nothing);
        }
        int end = at + separator.length();
        return Value.tuple(same(marked.substring(0, at)), same(marked.substring(at, end)), same(marked.substring(end)));
    }

    private Value pad(@Nullable Value[] given, int left, int right) {
        MarkedText fill = given[1] == null
                ? MarkedText.written(" ")
                : Arguments.none(evaluation).marked("fillchar", given[1]);
        if (fill.text().codePointCount(0, fill.length()) != 1) {
            throw evaluation.problem("'fillchar' must be one character.");
        }
        long width = integer("width", given[0], 0);
        long missing = Math.max(0, width - text.codePointCount(0, text.length()));
        evaluation.characters(text.length() + Math.min(missing, Integer.MAX_VALUE));
        long before = left == 0 ? 0 : right == 0 ? missing : missing / 2 + (missing & width & 1);
        return same(Strings.repeat(fill, before).concat(marked).concat(Strings.repeat(fill, missing - before)));
    }

    private Value zeroFill(@Nullable Value[] given) {
        long missing = Math.max(0, integer("width", given[0], 0) - text.codePointCount(0, text.length()));
        evaluation.characters(text.length() + Math.min(missing, Integer.MAX_VALUE));
        int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        return same(new MarkedText.Builder()
                .append(marked, 0, sign)
                .append(Strings.repeat("0", missing))
                .append(marked, sign, text.length())
                .build());
    }

    private Value all(String name, IntPredicate test) {
        return method(name, given -> Value.of(all(test)));
    }

    private boolean all(IntPredicate test) {
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            if (!test.test(text.codePointAt(at))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Whether there are letters with a case, and all of them have this one. */
    static boolean isCased(String text, boolean upper) {
        String same = upper ? Strings.upper(text) : Strings.lower(text);
        String other = upper ? Strings.lower(text) : Strings.upper(text);
        return text.equals(same) && !text.equals(other);
    }

    private static String title(String text) {
        StringBuilder titled = new StringBuilder();
        boolean within = false;
        for (int at = 0; at < text.length(); ) {
            int end = at + Character.charCount(text.codePointAt(at));
            String character = text.substring(at, end);
            titled.append(within ? Strings.lower(character) : Strings.upper(character));
            within = !Strings.lower(character).equals(Strings.upper(character));
            at = end;
        }
        return titled.toString();
    }

    private static String swapCase(String text) {
        StringBuilder swapped = new StringBuilder();
        for (int at = 0; at < text.length(); ) {
            int end = at + Character.charCount(text.codePointAt(at));
            String character = text.substring(at, end);
            String lower = Strings.lower(character);
            swapped.append(character.equals(lower) ? Strings.upper(character) : lower);
            at = end;
        }
        return swapped.toString();
    }
}
