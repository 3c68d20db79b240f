/**
 * Writes Java bindings from the C headers of wgpu-native.
 *
 * <p>The headers that come with a library are the only reliable description of it: values of enumerations and layouts
 * of structures differ from one version to the next. So the bindings are written anew in each build, from the very
 * headers that lie beside the library, and only for what is called.
 *
 * <p>The way of a header: {@link dev.quern.webgpugen.HeaderReader} parses it into
 * {@link dev.quern.webgpugen.Declaration}s, {@link dev.quern.webgpugen.Selection} keeps those that the listed names
 * reach, {@link dev.quern.webgpugen.TypeTable} says what each C type is in memory and in Java, and
 * {@link dev.quern.webgpugen.BindingWriter} writes one class for each declaration, and one class with all functions.
 * {@link dev.quern.webgpugen.WebGpuGenerator} is the program.
 *
 * <p>Sizes and offsets are those of 64-bit platforms, where {@code size_t} and pointers take eight bytes and every
 * scalar is aligned to its size; that covers Linux, macOS and Windows on x86-64 and on 64-bit ARM.
 */
@NullMarked
package dev.quern.webgpugen;

import org.jspecify.annotations.NullMarked;
