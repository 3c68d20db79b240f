/**
 * The runtime in a browser: {@link dev.quern.runtime.Gpu} on the browser's WebGPU, compiled to WebAssembly.
 *
 * <p>{@code WebEngine} is what JavaScript calls. An instance of the WebAssembly module holds one engine; who wants two
 * makes two instances. Weights never enter the module's memory: they go from the host's cache to the device, see
 * {@code WebTransfer}.
 */
@NullMarked
package dev.quern.runtime.web;

import org.jspecify.annotations.NullMarked;
