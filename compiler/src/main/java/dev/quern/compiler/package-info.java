/**
 * The driver: a model file in, a bundle out. {@link dev.quern.compiler.ModelCompiler} reads the container, builds the graph, runs the passes,
 * selects kernels, plans memory and streams the repacked weights; {@link dev.quern.compiler.CompiledModel} holds every stage on the way, for
 * whoever wants to look.
 *
 * <p>Weights are never held as a whole: what is in memory at one time is a tile.
 */
@NullMarked
package dev.quern.compiler;

import org.jspecify.annotations.NullMarked;
