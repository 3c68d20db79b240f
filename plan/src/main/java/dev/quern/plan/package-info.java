/**
 * The compiled plan: what a runtime needs to run a model on one kind of device, and nothing else.
 * {@link dev.quern.plan.Plan} names the buffers and textures, the kernels and, per entry point, the steps; every size,
 * offset and binding is decided.
 *
 * <p>The package is what compiler and runtime share. It knows neither the intermediate representation nor a graphics
 * interface.
 */
@NullMarked
package dev.quern.plan;

import org.jspecify.annotations.NullMarked;
