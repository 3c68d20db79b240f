package dev.quern.compiler.web;

import java.nio.ByteBuffer;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSBuffer;
import org.teavm.jso.JSBufferType;
import org.teavm.jso.JSObject;
import org.teavm.jso.typedarrays.Uint8Array;

/** The few lines of JavaScript that the compiler needs. */
final class Js {
    private Js() {}

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
