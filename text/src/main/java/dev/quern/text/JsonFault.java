package dev.quern.text;

import com.grack.nanojson.JsonParserException;
import java.util.List;

/** Says of a text that is no JSON where it stops being some and what is wrong there, in words for people. */
public final class JsonFault {
    /** What the parser counts instead of naming it. */
    private static final List<String> FOUND =
            List.of("the end", "','", "':'", "'}'", "']'", "null", "true", "false", "a text", "a number", "'{'", "'['");

    /** What the parser says before such a number, and what it then expects. */
    private enum Expected {
        COLON("Expected COLON, got ", "':'"),
        VALUE("Expected JSON value, got ", "a value"),
        NAME("Expected STRING, got ", "a name in quotation marks"),
        ITEM("Expected a comma or end of the array instead of ", "',' or ']'"),
        FIELD("Expected a comma or end of the object instead of ", "',' or '}'"),
        END("Expected end of input, got ", "the end");

        private final String said;
        private final String what;

        Expected(String said, String what) {
            this.said = said;
            this.what = what;
        }
    }

    private JsonFault() {}

    /**
     * What is wrong, without the name of the document: {@code line 1, column 18: ',' or '}' is expected, and a text is
     * there}.
     *
     * @param json the text
     * @param problem what the parser says of it
     */
    public static String of(String json, JsonParserException problem) {
        if (json.isBlank()) {
            return "it is empty";
        }
        String said = String.valueOf(problem.getMessage());
        int place = said.lastIndexOf(" on line ");
        return "line " + problem.getLinePosition() + ", column " + problem.getCharPosition() + ": "
                + inWords(place < 0 ? said : said.substring(0, place));
    }

    private static String inWords(String said) {
        for (Expected expected : Expected.values()) {
            if (said.startsWith(expected.said)) {
                return expected.what + " is expected, and " + found(said.substring(expected.said.length()))
                        + " is there";
            }
        }
        return switch (said) {
            case "String was not terminated before end of input" -> "the text that begins here has no end";
            case "EOF encountered in the middle of a string escape" -> "the text ends in the middle of an escape";
            case "Trailing comma found in array" -> "an item is expected behind the last ',' of the list";
            case "Trailing object found in array" -> "a field is expected behind the last ',' of the object";
            default -> said;
        };
    }

    private static String found(String number) {
        for (int index = 0; index < FOUND.size(); index++) {
            if (number.equals(Integer.toString(index))) {
                return FOUND.get(index);
            }
        }
        return "something else";
    }
}
