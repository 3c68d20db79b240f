package dev.quern.cli.explain;

import dev.quern.cli.explain.Explanation.Fact;
import dev.quern.cli.terminal.Sizes;
import dev.quern.compiler.CompiledModel;
import dev.quern.gguf.GgufTensor;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Statement;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.ir.text.Writer;
import dev.quern.passes.PassReport;
import dev.quern.plan.WeightSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells of a weight: its tensors in the model file, what passes made of it, how the device keeps it, where the bundle
 * holds it.
 */
final class WeightFacts {
    private final History history;
    private final CompiledModel model;
    private final String name;
    private final List<Fact> facts = new ArrayList<>();

    WeightFacts(History history, String name) {
        this.history = history;
        this.model = history.model();
        this.name = name;
    }

    Explanation explanation() {
        Optional<String> before = text(model.imported());
        before.ifPresent(text -> facts.add(new Fact("imported", text)));
        for (History.Stage stage : history.stages()) {
            Optional<String> after = text(stage.after());
            for (PassReport.Note note : stage.notes()) {
                if (Naming.mentions(note.where() + " " + note.sentence(), "@" + name)) {
                    facts.add(new Fact(
                            stage.pass(), (note.done() ? "done: " : "left: ") + note.where() + ": " + note.sentence()));
                }
            }
            if (!after.equals(before)) {
                facts.add(new Fact(stage.pass(), after.orElse("(it is gone from here on)")));
            }
            before = after;
        }
        Optional<Weight> kept = model.selection().module().weight(name);
        sources(kept.or(() -> model.imported().weight(name)));
        kept.ifPresentOrElse(this::stored, this::heirs);
        return new Explanation("@" + name, facts);
    }

    private Optional<String> text(Module module) {
        return module.weight(name).map(Writer::weight);
    }

    private void sources(Optional<Weight> weight) {
        for (String source : weight.map(Weight::sources).orElse(List.of())) {
            GgufTensor tensor = model.file().requireTensor(source);
            facts.add(new Fact(
                    "model file",
                    source + ": " + tensor.bytes() + " bytes from byte " + tensor.offset() + " of the file"));
        }
    }

    /** Which weights took over the tensors of one that is gone. */
    private void heirs() {
        List<String> sources =
                model.imported().weight(name).map(Weight::sources).orElse(List.of());
        for (Weight heir : model.selection().module().weights()) {
            if (heir.sources().stream().anyMatch(sources::contains)) {
                facts.add(new Fact("lives on in", "@" + heir.name() + ", " + Writer.type(heir.type())));
            }
        }
    }

    private void stored(Weight weight) {
        facts.add(new Fact("layout", Writer.weight(weight)));
        String reason = model.selection().storageReasons().get(name);
        if (reason != null) {
            facts.add(new Fact("layout", reason));
        }
        if (weight.storage().isEmpty()) {
            facts.add(new Fact("device", "No kernel binds it; it is read when the model is compiled."));
            users();
            return;
        }
        WeightSpec spec = Places.weight(model.plan(), name);
        long inFile = weight.sources().stream()
                .mapToLong(source -> model.file().requireTensor(source).bytes())
                .sum();
        facts.add(new Fact(
                "device",
                spec.bytes() + " bytes (" + Sizes.bytes(spec.bytes()) + ")"
                        + (inFile == 0 ? "" : ", " + inFile + " in the model file")
                        + switch (spec.placement()) {
                            case BUFFER -> ", a buffer of its own";
                            case TEXTURE, SAMPLED_TEXTURE ->
                                ", a texture of " + WeightSpec.TEXTURE_WIDTH + " x " + spec.textureRows() + " texels";
                        }));
        for (WeightSpec.Segment segment : spec.segments()) {
            facts.add(new Fact(
                    "bundle",
                    "weights file " + segment.file() + ", bytes " + segment.offset() + " to "
                            + (segment.offset() + segment.bytes() - 1)));
        }
        users();
    }

    private void users() {
        for (Function function : model.selection().module().functions()) {
            for (Statement statement : function.body()) {
                if (statement.op().operands().stream().anyMatch(this::isThis)) {
                    facts.add(new Fact(
                            "used by",
                            "@" + function.name() + ", " + statement.results().getFirst() + ", by "
                                    + model.selection()
                                            .kernel(Places.dispatch(statement))
                                            .name()));
                }
            }
        }
    }

    private boolean isThis(Value value) {
        return value.kind() == Value.Kind.WEIGHT && value.name().equals(name);
    }
}
