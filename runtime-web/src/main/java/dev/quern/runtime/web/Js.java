package dev.quern.runtime.web;

import java.nio.ByteBuffer;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSBuffer;
import org.teavm.jso.JSBufferType;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.typedarrays.Uint8Array;

/**
 * The few lines of JavaScript that the engine needs, each a call of the browser. Sizes are doubles: they may exceed an
 * int.
 */
final class Js {
    private Js() {}

    /** A function that is given text. */
    @JSFunctor
    interface Text extends JSObject {
        void accept(String text);
    }

    /** A buffer of WebGPU. */
    interface Buffer extends JSObject {
        void destroy();
    }

    /** A texture of WebGPU. */
    interface Texture extends JSObject {
        void destroy();
    }

    /** Milliseconds with a fraction, since the page began. */
    @JSBody(script = "return performance.now();")
    static native double now();

    /** Year, month from 1, day, hour, minute or second of the local time, by index. */
    @JSBody(
            params = {"index"},
            script =
                    "var now = new Date(); return [now.getFullYear(), now.getMonth() + 1, now.getDate(), now.getHours(),"
                            + " now.getMinutes(), now.getSeconds()][index];")
    static native int clock(int index);

    /** An object's property as text, or empty. */
    @JSBody(
            params = {"object", "name"},
            script = "var value = object[name]; return value === undefined || value === null ? '' : String(value);")
    static native String text(JSObject object, String name);

    /** An object's property as a number, or 0. */
    @JSBody(
            params = {"object", "name"},
            script = "return Number(object[name]) || 0;")
    static native double number(JSObject object, String name);

    /** An object's property that is an object. */
    @JSBody(
            params = {"object", "name"},
            script = "return object[name];")
    static native JSObject object(JSObject object, String name);

    /** Whether a set has a member. */
    @JSBody(
            params = {"set", "member"},
            script = "return set.has(member);")
    static native boolean has(JSObject set, String member);

    /** The message of whatever was thrown. */
    @JSBody(
            params = {"thrown"},
            script = "return thrown && thrown.message ? String(thrown.message) : String(thrown);")
    static native String message(JSObject thrown);

    /** Copies an array of JavaScript into the program's memory. */
    @JSBody(
            params = {"from", "into"},
            script = "into.set(from);")
    static native void copy(Uint8Array from, @JSBuffer(JSBufferType.UINT8) ByteBuffer into);

    /** Copies the program's memory into an array of JavaScript. */
    @JSBody(
            params = {"from"},
            script = "return from.slice();")
    static native Uint8Array copyOf(@JSBuffer(JSBufferType.UINT8) ByteBuffer from);

    /** SHA-256. */
    @JSBody(
            params = {"bytes"},
            script =
                    "return crypto.subtle.digest('SHA-256', bytes).then(function(hash) { return new Uint8Array(hash); });")
    static native JSPromise<Uint8Array> sha256(Uint8Array bytes);

    @JSBody(
            params = {"bytes", "start", "end"},
            script = "return bytes.subarray(start, end);")
    static native Uint8Array part(Uint8Array bytes, double start, double end);

    @JSBody(
            params = {"device", "label", "bytes"},
            script =
                    "return device.createBuffer({label: label, size: bytes, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.UNIFORM"
                            + " | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC});")
    static native Buffer createBuffer(JSObject device, String label, double bytes);

    @JSBody(
            params = {"device", "label", "width", "height"},
            script =
                    "return device.createTexture({label: label, size: [width, height], format: 'rgba32uint',"
                            + " usage: GPUTextureUsage.STORAGE_BINDING | GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST});")
    static native Texture createTexture(JSObject device, String label, int width, int height);

    @JSBody(
            params = {"device", "buffer", "offset", "data"},
            script = "device.queue.writeBuffer(buffer, offset, data);")
    static native void writeBuffer(
            JSObject device, Buffer buffer, double offset, @JSBuffer(JSBufferType.UINT8) ByteBuffer data);

    @JSBody(
            params = {"device", "buffer", "offset", "data"},
            script = "device.queue.writeBuffer(buffer, offset, data);")
    static native void writeBuffer(JSObject device, Buffer buffer, double offset, Uint8Array data);

    /** Writes rows of texels; a last row that is filled in part is completed by zeros. */
    @JSBody(
            params = {"device", "texture", "firstRow", "data", "width"},
            script = "var rowBytes = width * 16, rows = Math.ceil(data.byteLength / rowBytes), whole = data;"
                    + " if (rows * rowBytes !== data.byteLength) {"
                    + " whole = new Uint8Array(rows * rowBytes); whole.set(data); }"
                    + " device.queue.writeTexture({texture: texture, origin: [0, firstRow, 0]}, whole,"
                    + " {bytesPerRow: rowBytes, rowsPerImage: rows}, [width, rows]);")
    static native void writeTexture(JSObject device, Texture texture, int firstRow, Uint8Array data, int width);

    @JSBody(
            params = {"device", "words"},
            script = "return device.createBindGroupLayout({entries: words.split(' ').map(function(word, index) {"
                    + " var entry = {binding: index, visibility: GPUShaderStage.COMPUTE};"
                    + " if (word === 'texture') {"
                    + " entry.storageTexture = {access: 'read-only', format: 'rgba32uint', viewDimension: '2d'};"
                    + " } else if (word === 'sampled') { entry.texture = {sampleType: 'uint'};"
                    + " } else { entry.buffer = {type: word}; } return entry; })});")
    static native JSObject createLayout(JSObject device, String words);

    /** Begins to compile; rejected with the compiler's own words where the kernel is wrong. */
    @JSBody(
            params = {"device", "label", "source", "entryPoint", "layout"},
            script = "var module = device.createShaderModule({label: label, code: source});"
                    + " return device.createComputePipelineAsync({label: label,"
                    + " layout: device.createPipelineLayout({bindGroupLayouts: [layout]}),"
                    + " compute: {module: module, entryPoint: entryPoint}}).catch(function(problem) {"
                    + " return module.getCompilationInfo().then(function(info) { throw new Error(info.messages.length"
                    + " ? info.messages.map(function(m) { return 'line ' + m.lineNum + ': ' + m.message; }).join('; ')"
                    + " : problem.message); }); });")
    static native JSPromise<JSObject> createPipeline(
            JSObject device, String label, String source, String entryPoint, JSObject layout);

    /** An empty array for {@link #bindBuffer} and {@link #bindTexture}. */
    @JSBody(script = "return [];")
    static native JSObject entries();

    @JSBody(
            params = {"entries", "buffer", "offset", "bytes"},
            script =
                    "entries.push({binding: entries.length, resource: {buffer: buffer, offset: offset, size: bytes}});")
    static native void bindBuffer(JSObject entries, Buffer buffer, double offset, double bytes);

    @JSBody(
            params = {"entries", "texture"},
            script = "entries.push({binding: entries.length, resource: texture.createView()});")
    static native void bindTexture(JSObject entries, Texture texture);

    @JSBody(
            params = {"device", "label", "layout", "entries"},
            script = "return device.createBindGroup({label: label, layout: layout, entries: entries});")
    static native JSObject createBindGroup(JSObject device, String label, JSObject layout, JSObject entries);

    @JSBody(
            params = {"device"},
            script = "return device.createCommandEncoder();")
    static native JSObject encoder(JSObject device);

    @JSBody(
            params = {"encoder"},
            script = "return encoder.beginComputePass();")
    static native JSObject begin(JSObject encoder);

    @JSBody(
            params = {"pass", "pipeline", "group", "x", "y", "z"},
            script = "pass.setPipeline(pipeline); pass.setBindGroup(0, group); pass.dispatchWorkgroups(x, y, z);")
    static native void dispatch(JSObject pass, JSObject pipeline, JSObject group, int x, int y, int z);

    @JSBody(
            params = {"device", "encoder", "pass"},
            script = "pass.end(); device.queue.submit([encoder.finish()]);")
    static native void submit(JSObject device, JSObject encoder, JSObject pass);

    /** Copies bytes of a buffer to the host once all that was submitted is done. */
    @JSBody(
            params = {"device", "buffer", "offset", "bytes"},
            script =
                    "var staging = device.createBuffer({size: bytes, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ});"
                            + " var encoder = device.createCommandEncoder();"
                            + " encoder.copyBufferToBuffer(buffer, offset, staging, 0, bytes);"
                            + " device.queue.submit([encoder.finish()]);"
                            + " return staging.mapAsync(GPUMapMode.READ).then(function() {"
                            + " var copy = new Uint8Array(staging.getMappedRange().slice(0)); staging.destroy(); return copy; });")
    static native JSPromise<Uint8Array> read(JSObject device, Buffer buffer, double offset, int bytes);
}
