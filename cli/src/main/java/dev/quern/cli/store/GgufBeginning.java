package dev.quern.cli.store;

import dev.quern.cli.http.Answer;
import dev.quern.cli.http.HttpFailure;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Tells by its first bytes that what a server sends is no model, before gigabytes of it are here. */
final class GgufBeginning {
    /** How many bytes it looks at. */
    static final int BYTES = 16;

    private static final byte[] MAGIC = "GGUF".getBytes(StandardCharsets.US_ASCII);

    private GgufBeginning() {}

    /**
     * Looks at the beginning of an answer.
     *
     * @param first the first {@value BYTES} bytes, or all there are
     * @throws HttpFailure if it begins no model
     */
    static void require(URI asked, Answer answer, byte[] first) throws IOException {
        if (first.length >= MAGIC.length && Arrays.equals(first, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            return;
        }
        if (isPage(first)) {
            throw new HttpFailure(asked + " answers with a web page, not with a model. " + adviceOnPage(asked, answer));
        }
        throw new HttpFailure("What " + asked + " sends is no model:" + findings(first));
    }

    private static boolean isPage(byte[] first) {
        String text = new String(first, StandardCharsets.ISO_8859_1).strip().toLowerCase(Locale.ROOT);
        return text.startsWith("<!") || text.startsWith("<h") || text.startsWith("<?xml");
    }

    private static String adviceOnPage(URI asked, Answer answer) {
        String path = asked.getPath() == null ? "" : asked.getPath();
        if (path.contains("/blob/")) {
            return "This is the address of the page about the file; the file's own has /resolve/ in place of /blob/.";
        }
        String elsewhere = asked.getHost().equalsIgnoreCase(answer.address().getHost())
                ? ""
                : " (it comes from " + answer.address().getHost() + ")";
        return "Open the address in a browser: the network may ask to log in first" + elsewhere
                + ", or this is the address of a page about the file.";
    }

    private static String findings(byte[] first) {
        try {
            GgufReader.read(ByteSource.of(first));
            return "";
        } catch (GgufException e) {
            StringBuilder text = new StringBuilder();
            e.findings().forEach(finding -> text.append("\n  ").append(finding));
            return text.toString();
        }
    }
}
