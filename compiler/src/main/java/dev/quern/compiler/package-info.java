/**
 * The driver: a model file in, a bundle out. {@link dev.quern.compiler.ModelCompiler} reads the container, builds the
 * graph, runs the passes, selects kernels, plans memory and streams the repacked weights;
 * {@link dev.quern.compiler.CompiledModel} holds every stage on the way, for whoever wants to look.
 *
 * <p>Whatever can be said against a file is said before a weight is read, by one list of checks: container, keys,
 * tensors, the tokenizer, which is built, and the plan. {@link dev.quern.compiler.ModelVerifier} goes the same way and
 * collects what it meets.
 *
 * <p>Weights are never held as a whole: what is in memory at one time is a tile.
 */
@NullMarked
package dev.quern.compiler;

import org.jspecify.annotations.NullMarked;
