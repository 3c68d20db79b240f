package dev.quern.golden;

import static org.junit.jupiter.api.Assertions.fail;

import dev.quern.ir.text.read.ReadException;
import dev.quern.ir.text.read.Reader;
import dev.quern.plan.text.PlanReader;
import java.nio.file.Path;
import java.util.Optional;

/** {@code errors/}: text that is refused, then after {@code // error:} the whole message, as people see it. */
final class ErrorGolden {
    private static final String ERROR = "// error:\n";

    private ErrorGolden() {}

    static void run(String path) {
        String text = Goldens.read(path);
        int split = text.indexOf(ERROR);
        String before = split < 0 ? text : text.substring(0, split);
        StringBuilder out = new StringBuilder(before).append(ERROR);
        message(Path.of(path).getFileName().toString(), before)
                .lines()
                .forEach(line -> out.append(("// " + line).stripTrailing()).append('\n'));
        Goldens.check(path, out.toString());
    }

    private static String message(String name, String text) {
        try {
            switch (Reader.stage(name, text)) {
                case TENSOR, DISPATCH -> Reader.readVerified(name, text);
                case PLAN -> PlanReader.readVerified(name, text, file -> Optional.empty());
            }
        } catch (ReadException refused) {
            return String.valueOf(refused.getMessage());
        }
        return fail(name + " is read and verified without complaint; it belongs under text/");
    }
}
