package dev.quern.golden;

import dev.quern.ir.text.Writer;
import dev.quern.ir.text.read.Reader;

/** {@code text/}: what is read is written again, comments at the head apart. */
final class TextGolden {
    private TextGolden() {}

    static void run(String path) {
        String text = Goldens.read(path);
        Goldens.check(path, Goldens.header(text) + Writer.write(Reader.read(path, text)));
    }
}
