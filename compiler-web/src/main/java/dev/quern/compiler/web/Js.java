package dev.quern.compiler.web;

import java.nio.ByteBuffer;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSBuffer;
import org.teavm.jso.JSBufferType;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;
import org.teavm.jso.typedarrays.Uint8Array;

/** The few lines of JavaScript that the compiler needs. */
final class Js {
    private Js() {}

    /** A promise with the means to settle it. */
    interface Deferred extends JSObject {
        @JSProperty
        JSPromise<JSString> getPromise();

        void resolve(String value);

        void reject(JSObject error);
    }

    @JSBody(
            script = "var deferred = {}; deferred.promise = new Promise(function(resolve, reject) {"
                    + " deferred.resolve = resolve; deferred.reject = reject; }); return deferred;")
    static native Deferred deferred();

    /** An error for JavaScript, with a word that tells its kind. */
    @JSBody(
            params = {"kind", "message"},
            script = "var error = new Error(message); error.name = 'QuernError'; error.kind = kind; return error;")
    static native JSObject error(String kind, String message);

    /** Copies an array of JavaScript into the program's memory. */
    @JSBody(
            params = {"from", "into"},
            script = "into.set(from);")
    static native void copy(Uint8Array from, @JSBuffer(JSBufferType.UINT8) ByteBuffer into);

    /** Hands a view of the program's memory to the host, which copies it before it returns. */
    @JSBody(
            params = {"host", "piece"},
            script = "host.write(piece);")
    static native void write(JSObject host, @JSBuffer(JSBufferType.UINT8) ByteBuffer piece);
}
