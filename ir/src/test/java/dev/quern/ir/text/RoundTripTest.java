package dev.quern.ir.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Module;
import dev.quern.ir.Nonsense;
import dev.quern.ir.text.read.ReadException;
import dev.quern.ir.text.read.Reader;
import dev.quern.ir.verify.Problem;
import dev.quern.ir.verify.Verifier;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * {@code read(write(m)) = m} and {@code write(read(t)) = t}; and whatever is read, reader and verifier answer with a
 * message.
 */
class RoundTripTest {
    private static final String SYMBOLS = "%@?:,={}[]<>-\"\\09 \n";

    @Property(tries = 300)
    void whatIsWrittenReadsBackEqual(@ForAll long seed) {
        Module module = Nonsense.module(seed);
        String text = Writer.write(module);
        Module read = Reader.read("random.qir", text);
        assertEquals(module, read);
        assertEquals(text, Writer.write(read));
    }

    @Property(tries = 300)
    void theVerifierAnswersNonsenseWithSentences(@ForAll long seed) {
        for (Problem problem : Verifier.problems(Nonsense.module(seed))) {
            assertTrue(problem.sentence().endsWith("."), problem.sentence());
        }
    }

    @Property(tries = 500)
    void damagedTextIsReadOrRefusedWithItsPlace(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(Writer.write(Nonsense.module(random.nextLong())));
        for (int count = 1 + random.nextInt(3); count > 0 && !text.isEmpty(); count--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, SYMBOLS.charAt(random.nextInt(SYMBOLS.length())));
                default -> text.setLength(at + 1);
            }
        }
        try {
            Verifier.problems(Reader.read("damaged.qir", text.toString()));
        } catch (ReadException refused) {
            String message = String.valueOf(refused.getMessage());
            assertTrue(message.startsWith("damaged.qir:" + refused.line() + ":" + refused.column() + ": "), message);
            assertTrue(message.endsWith("^"), message);
        }
    }
}
