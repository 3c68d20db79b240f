/**
 * From a model file to logits on a real device: compiled, written as a bundle, read back, loaded and run, and compared
 * with two that know better: the interpreter of this project and llama.cpp.
 *
 * <p>{@link dev.quern.endtoend.RandomModels} writes the models that every checkout can test with; trained ones are
 * tested where they can be had. Without a device tests are skipped, or fail in continuous integration. What was
 * measured is published as report entries.
 */
@NullMarked
package dev.quern.endtoend;

import org.jspecify.annotations.NullMarked;
