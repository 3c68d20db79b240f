package dev.quern.compiler;

import dev.quern.codegen.Selection;
import dev.quern.codegen.lowering.SelectionException;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufTensor;
import dev.quern.ir.Encoding;
import dev.quern.ir.Module;
import dev.quern.ir.StateType;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.ir.text.Writer;
import dev.quern.ir.verify.Place;
import dev.quern.passes.PassReport;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Plan;
import dev.quern.text.chat.BuildingTrial;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Compiles graphs that were written down: what a model file says of its architecture is left aside, and its weights and
 * its tokenizer are taken.
 */
public final class GraphCompiler {
    private GraphCompiler() {}

    /**
     * Compiles everything but the weights' bytes. No pass is run; weights that the device cannot bind whole are split.
     *
     * @param graph verified, at the {@code tensor} or the {@code dispatch} stage
     * @param source the model file
     * @param names by which people call the model
     * @throws dev.quern.gguf.GgufException if the file is broken or asks for what is not supported
     * @throws SelectionException with its place, if a weight is not in the file, or if the device profile has no kernel
     *     for something
     */
    public static CompiledModel compile(
            Module graph, ByteSource source, ModelNames names, DeviceProfile profile, CompileObserver observer) {
        CheckedModel checked = CheckedModel.of(source, new BuildingTrial());
        for (int index = 0; index < graph.weights().size(); index++) {
            Place place = new Place.OfWeight(index);
            problem(graph.weights().get(index), checked.model().file()).ifPresent(sentence -> {
                throw new SelectionException(sentence, place);
            });
        }
        TensorType state = state(graph);
        Module split = Lowering.split(graph, List.of(profile), checked.model().file(), observer);
        Selection selection = select(graph, split, profile, observer);
        Plan plan = Lowering.plan(selection, profile, observer);
        return new CompiledModel(
                checked.model().file(),
                graph,
                split,
                new PassReport(),
                selection,
                plan,
                ModelCompiler.facts(
                        graph,
                        names.title(checked.model().file().metadata()),
                        checked.model().sizes(),
                        state.rows().max(),
                        cache(state.encoding()),
                        checked.sampling()),
                checked.tokenizer(),
                checked.warnings());
    }

    private static Selection select(Module graph, Module split, DeviceProfile profile, CompileObserver observer) {
        try {
            return Lowering.select(split, profile, observer);
        } catch (SelectionException e) {
            // Behind a split, places are not those of the graph that was written down.
            throw split.equals(graph) ? e : new SelectionException(String.valueOf(e.getMessage()));
        }
    }

    /** What is wrong with a weight, if the file does not have it as the graph says. */
    private static Optional<String> problem(Weight weight, GgufFile file) {
        return switch (weight.source()) {
            case Weight.Source.Rotations computed -> Optional.empty();
            case Weight.Source.Tensors tensors -> problem(weight, tensors.parts(), file);
        };
    }

    private static Optional<String> problem(Weight weight, List<Weight.Part> parts, GgufFile file) {
        if (parts.isEmpty()) {
            return Optional.of("The weight " + weight.value()
                    + " names no tensor of the model file: {from = [\"NAME\"]} is expected behind its type.");
        }
        long bytes = 0;
        long rowBytes = weight.type().encoding().bytesOf(weight.type().columns());
        for (Weight.Part part : parts) {
            String name = part.tensor();
            Optional<GgufTensor> tensor = file.tensor(name);
            if (tensor.isEmpty()) {
                return Optional.of("The weight " + weight.value() + " comes from the tensor " + name
                        + ", and the model file has no such tensor.");
            }
            String encoding = tensor.get().type().name().toLowerCase(Locale.ROOT);
            if (!encoding.equals(weight.type().encoding().text())) {
                return Optional.of("The weight " + weight.value() + " is "
                        + weight.type().encoding().text() + ", and the tensor " + name + " is " + encoding + ".");
            }
            if (part.rows()
                    .filter(rows -> rows.end() > tensor.get().bytes() / rowBytes)
                    .isPresent()) {
                return Optional.of("The weight " + weight.value() + " has the rows to "
                        + (part.rows().get().end() - 1) + " of the tensor " + name + ", which has "
                        + tensor.get().bytes() / rowBytes + " rows of " + rowBytes + " bytes.");
            }
            bytes += part.rows()
                    .map(rows -> rows.count() * rowBytes)
                    .orElse(tensor.get().bytes());
        }
        return bytes == weight.type().maxBytes()
                ? Optional.empty()
                : Optional.of("The weight " + weight.value() + " is " + Writer.type(weight.type()) + ", "
                        + weight.type().maxBytes() + " bytes, and its tensors have " + bytes + " together.");
    }

    /** The largest state: how many positions there are, and how they are kept. */
    private static TensorType state(Module graph) {
        return graph.functions().stream()
                .flatMap(function -> function.parameters().stream())
                .filter(parameter -> parameter.type() instanceof StateType)
                .map(Value::state)
                .max(Comparator.comparingLong(type -> type.rows().max()))
                .orElseThrow(() -> new SelectionException(
                        "The graph keeps no states of keys and values, so there is nothing that a runtime could"
                                + " continue."));
    }

    private static CacheEncoding cache(Encoding encoding) {
        return CacheEncoding.named(encoding.text())
                .orElseThrow(() -> new SelectionException("The states are " + encoding.text()
                        + "; kernels keep keys and values as " + CacheEncoding.choice() + "."));
    }
}
