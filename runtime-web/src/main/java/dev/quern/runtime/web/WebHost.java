package dev.quern.runtime.web;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.typedarrays.Uint8Array;

/** What the page gives to the engine: a device, and the files of a bundle from wherever it keeps them. */
interface WebHost extends JSObject {
    /** Where the bundle comes from, for messages. */
    @JSProperty
    String getName();

    /** An open {@code GPUDevice}. */
    @JSProperty
    JSObject getDevice();

    /** The device's {@code GPUAdapterInfo}. */
    @JSProperty
    JSObject getAdapter();

    /** Whether there is such a file. */
    boolean has(String file);

    /** The size of a file, or -1 where only reading it will tell. */
    double size(String file);

    /** A whole file, which the host has compared with the hash in the manifest; rejected if it is another. */
    JSPromise<Uint8Array> read(String file);

    /**
     * How far loading is.
     *
     * @param phase {@code weights} or {@code pipelines}
     * @param loaded bytes or pipelines
     * @param total of them
     */
    void progress(String phase, double loaded, double total);
}
