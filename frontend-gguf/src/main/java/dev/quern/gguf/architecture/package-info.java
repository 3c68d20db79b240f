/**
 * Architectures as graph builders: from the metadata and tensors of a container to a module of the {@code tensor}
 * stage.
 *
 * {@snippet :
 * GgufFile file = GgufReader.read(source);
 * Architecture architecture = Architectures.of(file);
 * Module module = architecture.build(file, GraphOptions.ofContext(4096));
 * }
 *
 * <p>A module has these functions; {@code L} stands for a layer:
 *
 * <pre>
 *   prefill(tokens: u32[?tokens], position: u32[1], L.keys, L.values …) -> states after the write
 *   step   (tokens: u32[1],       position: u32[1], L.keys, L.values …) -> logits: f32[1, vocabulary], states …
 *   pick   (logits: f32[1, vocabulary])                                 -> token: u32[1]
 * </pre>
 *
 * <p>{@code position} is the position of the first token of the call. States come out in the order in which they go in.
 * A prompt is read by {@code prefill} up to its last token but one, and by {@code step} from there: so no logits are
 * computed that nobody looks at.
 *
 * <p>Tensors keep the names of the file without the ending {@code .weight}. An architecture is data: a
 * {@link dev.quern.gguf.architecture.Family} says what its models have in common,
 * {@link dev.quern.gguf.architecture.DecoderReader} reads the description of one model from the keys of its file,
 * {@link dev.quern.gguf.architecture.DecoderWeights} asks for the tensors that this calls for, and
 * {@link dev.quern.gguf.architecture.DecoderGraph} builds the graph. What a file asks for and the graph cannot say is
 * refused by name, never left out.
 */
@NullMarked
package dev.quern.gguf.architecture;

import org.jspecify.annotations.NullMarked;
