package dev.quern.cli.http;

import java.io.IOException;

/** What asking again would not mend. The message is a whole sentence, or more, for people. */
public final class HttpFailure extends IOException {
    private static final long serialVersionUID = 1;

    public HttpFailure(String message) {
        super(message);
    }

    public HttpFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
