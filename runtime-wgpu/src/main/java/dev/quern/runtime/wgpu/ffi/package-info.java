/**
 * Bindings to wgpu-native, written at build time by the module {@code webgpu-gen} from the headers that come with the
 * library.
 *
 * <p>Types and functions keep their C names, so that what the headers' documentation says of them can be found by name:
 *
 * <ul>
 *   <li>{@code WebGpu} has a static method for each function. A pointer or an opaque object is a
 *       {@link java.lang.foreign.MemorySegment}, an enumeration a Java enumeration, a truth value a boolean.
 *   <li>A structure such as {@code WGPUBufferDescriptor} is a class of static methods over a memory segment:
 *       {@code WGPUBufferDescriptor.size(descriptor, 1024)} writes a field,
 *       {@code WGPUBufferDescriptor.size(descriptor)} reads it. A field that is itself a structure is returned as the
 *       part of the segment where it lies.
 *   <li>A callback is a functional interface with a factory {@code stub} for the native function.
 *   <li>A set of flags is a class of {@code long} constants.
 * </ul>
 *
 * <p>The library must be loaded first, which {@link dev.quern.runtime.wgpu.WgpuLibrary} does.
 */
@NullMarked
package dev.quern.runtime.wgpu.ffi;

import org.jspecify.annotations.NullMarked;
