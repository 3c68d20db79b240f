package dev.quern.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.ir.text.Unseen;
import dev.quern.plan.json.JsonText;
import org.junit.jupiter.api.Test;

/**
 * What is shown as it is, and what escaped, is the same in JSON as in the graph's text. Two modules that do not know
 * each other have the list, since neither may depend on the other.
 */
class UnseenTest {
    @Test
    void jsonEscapesWhatIsUnseen() {
        for (int unit = 0; unit <= Character.MAX_VALUE; unit++) {
            boolean escaped =
                    JsonText.printLine(String.valueOf((char) unit)).startsWith("\"\\") && unit != '"' && unit != '\\';
            assertEquals(Unseen.is(unit), escaped, Integer.toHexString(unit));
        }
    }

    /** Beyond what one unit can be, JSON escapes everything: halves of a pair are escaped each. */
    @Test
    void jsonEscapesAllPairs() {
        for (int codePoint : new int[] {0x1F600, 0xE0001, 0x10FFFF}) {
            String json = JsonText.printLine(Character.toString(codePoint));
            assertEquals(2, json.split("\\\\u", -1).length - 1, json);
        }
    }
}
