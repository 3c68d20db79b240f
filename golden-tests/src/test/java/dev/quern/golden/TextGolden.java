package dev.quern.golden;

import dev.quern.ir.text.Writer;
import dev.quern.ir.text.read.Reader;
import dev.quern.plan.text.PlanReader;
import java.util.Optional;

/** {@code text/}: what is read is written again, comments at the head apart. */
final class TextGolden {
    private TextGolden() {}

    static void run(String path) {
        String text = Goldens.read(path);
        Goldens.check(path, Goldens.header(text) + again(path, text));
    }

    private static String again(String path, String text) {
        return switch (Reader.stage(path, text)) {
            case TENSOR, DISPATCH -> Writer.write(Reader.read(path, text));
            case PLAN -> PlanReader.read(path, text, file -> Optional.empty()).write();
        };
    }
}
