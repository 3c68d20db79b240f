/**
 * The oracle: what every operation and every encoding means, in plain Java that is slow and easy to check.
 *
 * <p>{@link dev.quern.reference.Interpreter} runs a function of a module at the {@code tensor} stage:
 *
 * {@snippet :
 * WeightSource weights = new DecodedWeights(name -> bytesOfTensorInTheFile(name));
 * Interpreter interpreter = new Interpreter(module, weights);
 * Map<String, Tensor> results = interpreter.run("decode", Map.of(
 *         "tokens", Tensor.ints(new int[] {1}, 1),
 *         "position", Tensor.ints(new int[] {0}, 1),
 *         "keys", Tensor.zeros(4096, 512),
 *         "values", Tensor.zeros(4096, 512)));
 * }
 *
 * <p>Sums run in double precision and every operation rounds its result to float once; a fused operation rounds where
 * the operations that it was made of round, so that fusion changes no bit here. {@link dev.quern.reference.BlockCodec}
 * decodes blocks with the bits of ggml's reference code, {@link dev.quern.reference.BlockEncoder} encodes them,
 * {@link dev.quern.reference.BrainFloat} converts bfloat16, {@link dev.quern.reference.Numerics} measures how far two
 * results are apart.
 *
 * <p>Nothing here belongs to a run: no compiled model needs this package, and it may use all of the Java platform.
 */
@NullMarked
package dev.quern.reference;

import org.jspecify.annotations.NullMarked;
