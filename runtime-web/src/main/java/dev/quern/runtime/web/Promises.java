package dev.quern.runtime.web;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;

/** Promises between Java, which may wait for them in threads, and JavaScript. */
public final class Promises {
    private Promises() {}

    /**
     * Work that may wait. It is no {@code Supplier}: all callers of an interface's method are compiled for waiting as
     * soon as one class behind it waits.
     */
    @FunctionalInterface
    public interface Waiting {
        /** Does the work and answers it. */
        String answer();
    }

    /** Gives a failure the word by which JavaScript tells its kind. */
    @FunctionalInterface
    public interface Kinds {
        /** The kind of such a problem. */
        String of(RuntimeException problem);

        /** What a program may want to know of it besides, as JSON; empty if nothing. */
        default String details(RuntimeException problem) {
            return "";
        }
    }

    /**
     * Does work in a thread of its own, which may wait for the browser.
     *
     * @return a promise that is settled with the outcome: a text, or an error with {@code kind}, {@code message} and
     *     {@code details}
     */
    public static JSPromise<JSString> promise(Waiting work, Kinds kinds) {
        Deferred deferred = deferred();
        new Thread(() -> {
                    try {
                        deferred.resolve(work.answer());
                    } catch (RuntimeException problem) {
                        deferred.reject(error(
                                kinds.of(problem),
                                Objects.requireNonNullElse(problem.getMessage(), ""),
                                kinds.details(problem)));
                    }
                })
                .start();
        return deferred.getPromise();
    }

    /**
     * Waits for a promise. To be called from a thread that may wait. {@link JSPromise#await} would never return from
     * one that is rejected.
     *
     * @throws IllegalStateException with the message of its rejection
     */
    public static <T extends JSObject> T await(JSPromise<T> promise) {
        Outcome<T> outcome = outcome(promise).await();
        String problem = outcome.getProblem();
        if (problem != null) {
            throw new IllegalStateException(problem);
        }
        return outcome.getValue();
    }

    /** A promise with the means to settle it. */
    private interface Deferred extends JSObject {
        @JSProperty
        JSPromise<JSString> getPromise();

        void resolve(String value);

        void reject(JSObject error);
    }

    @JSBody(
            script = "var deferred = {}; deferred.promise = new Promise(function(resolve, reject) {"
                    + " deferred.resolve = resolve; deferred.reject = reject; }); return deferred;")
    private static native Deferred deferred();

    /** How a promise ended: with a value, or with what people can read of its rejection. */
    private interface Outcome<T extends JSObject> extends JSObject {
        @JSProperty
        T getValue();

        @JSProperty
        @Nullable
        String getProblem();
    }

    @JSBody(
            params = {"promise"},
            script =
                    "return promise.then(function(value) { return {value: value, problem: null}; }, function(problem) {"
                            + " return {value: null, problem: problem && problem.message ? String(problem.message) : String(problem)}; });")
    private static native <T extends JSObject> JSPromise<Outcome<T>> outcome(JSPromise<T> promise);

    @JSBody(
            params = {"kind", "message", "details"},
            script =
                    "var error = new Error(message); error.name = 'QuernError'; error.kind = kind; error.details = details;"
                            + " return error;")
    private static native JSObject error(String kind, String message, String details);
}
