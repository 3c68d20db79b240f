package dev.quern.compiler.web;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;
import org.teavm.jso.typedarrays.Float64Array;
import org.teavm.jso.typedarrays.Uint8Array;

/**
 * What the page gives to the compiler: a model file, a device to compile for, and a place for a bundle's files. Sizes
 * are doubles: they may exceed an int.
 */
interface CompilerHost extends JSObject {
    /** The model file's size in bytes. */
    @JSProperty
    double getSize();

    /** The sizes of the files that the model was split into, one behind the other. */
    @JSProperty
    Float64Array getParts();

    /** The {@code GPUDevice} that will run the model. */
    @JSProperty
    JSObject getDevice();

    /** The device's {@code GPUAdapterInfo}. */
    @JSProperty
    JSObject getAdapter();

    /** Bytes of the model file: as many as asked for, or a rejection that says why not. */
    JSPromise<Uint8Array> read(double offset, int length);

    /**
     * What the engine's module says of a tokenizer: its JSON, as a bundle carries it, for that of a {@code TrialJson}.
     */
    JSPromise<JSString> checkTokenizer(String tokenizer);

    /** Whether the host has all of a file, from an earlier try that broke off. */
    boolean holds(String file);

    /**
     * Begins a file of the bundle.
     *
     * @param bytes its size, or -1 where only its end will tell
     */
    void begin(String file, double bytes);

    /** Ends the file; answers the 32 bytes of its SHA-256 once the file is safe. */
    JSPromise<Uint8Array> end();

    /** How many bytes of the bundle's weights are written, of how many. */
    void progress(double written, double total);
}
