package dev.quern.cli.http;

import java.net.URI;

/** What it means that a server answers, but not with what was asked for. */
public final class Refusals {
    private Refusals() {}

    /**
     * The failure that says so.
     *
     * @param asked the address before redirects
     */
    public static HttpFailure of(URI asked, Answer answer, Hub hub) throws HttpFailure {
        int status = answer.status();
        return new HttpFailure(
                switch (status) {
                    case 401, 403 -> asked + " refuses access (HTTP " + status + "). " + advice(asked, hub);
                    case 404, 410 -> asked + " does not exist (HTTP " + status + "). Check the address.";
                    case 451 -> asked + " may not be given out where you are, for legal reasons (HTTP 451).";
                    case 511 ->
                        "This network asks to log in first (HTTP 511). Open any page in a browser, log in, and run"
                                + " this again.";
                    default -> asked + " answers with HTTP " + status + ", not with the file.";
                });
    }

    private static String advice(URI asked, Hub hub) throws HttpFailure {
        if (!hub.holds(asked)) {
            return "If it asks for a user or for a licence to be accepted, download the file with a browser and give"
                    + " Quern the file.";
        }
        return hub.hasToken()
                ? "HF_TOKEN was sent: either the token is not valid, or its user has not accepted the model's licence"
                        + " on its page, or there is no such model."
                : "The model is gated or private, or there is none of that name. Accept its licence on its page and set"
                        + " HF_TOKEN to an access token (huggingface.co/settings/tokens).";
    }
}
