/**
 * The bundle: a folder, or the same as a stored zip, that holds a compiled model.
 *
 * <pre>
 * manifest.json      format version, model facts, symbols, entry points, profiles, each file with size and SHA-256
 * plan-PROFILE.json  buffers, weights, kernels, steps; the memory certificate
 * kernels/NAME.wgsl  complete text
 * weights/NNN.bin    at most 64 MiB each, weights aligned to 256 bytes, in order of first use
 * tokenizer.json     vocabulary, merges, special tokens
 * </pre>
 *
 * <p>{@link dev.quern.plan.bundle.BundleWriter} writes through a {@link dev.quern.plan.bundle.BundleSink},
 * {@link dev.quern.plan.bundle.BundleReader} reads through a {@link dev.quern.plan.bundle.BundleSource}; both get
 * SHA-256 from the host as a {@link dev.quern.plan.bundle.Digest}. What is wrong with a bundle is a
 * {@link dev.quern.plan.BundleException}, in words for people.
 */
@NullMarked
package dev.quern.plan.bundle;

import org.jspecify.annotations.NullMarked;
