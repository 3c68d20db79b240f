/**
 * The {@link dev.quern.runtime.Gpu} of the Java virtual machine: WebGPU through wgpu-native, called by way of
 * {@code java.lang.foreign}.
 *
 * <pre>{@code
 * try (WgpuGpu gpu = WgpuGpu.open()) {
 *     Gpu.Buffer numbers = gpu.buffer("numbers", 1024);
 *     ...
 * }
 * }</pre>
 *
 * <p>What the environment decides:
 *
 * <ul>
 *   <li>{@code QUERN_WGPU_LIBRARY}, or the system property {@code quern.wgpu.library}: the file of the library. Without
 *       it the one is used that {@code scripts/fetch-wgpu} fetched.
 *   <li>{@code QUERN_ADAPTER}: a part of the name of the adapter to use, capitals and small letters alike. Without it a
 *       discrete GPU goes before an integrated one, and that before a processor.
 *   <li>{@code QUERN_WGPU_CHECKED=1}, or the system property {@code quern.wgpu.checked=1}: kernels are compiled with
 *       the library's own bounds checks and loop counters, which are left out otherwise, since kernels are written not
 *       to need them.
 *   <li>{@code QUERN_DEBUG}: if set, warnings of the library are printed.
 * </ul>
 *
 * <p>Two things to know of devices. Mesa's processor driver, llvmpipe, ends every loop after 65,535 turns of an
 * invocation, all loops taken together, and reports nothing: kernels have to stay far below that. And the library ends
 * the process, rather than report an error, when it is made to submit commands that cannot run; so what can make
 * commands so, such as a buffer that was closed, is found here before.
 *
 * <p>A {@code WgpuGpu} and what it made belong to one thread.
 */
@NullMarked
package dev.quern.runtime.wgpu;

import org.jspecify.annotations.NullMarked;
