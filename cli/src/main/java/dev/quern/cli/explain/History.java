package dev.quern.cli.explain;

import dev.quern.compiler.CompiledModel;
import dev.quern.ir.Module;
import dev.quern.passes.PassObserver;
import dev.quern.passes.PassReport;
import dev.quern.passes.Pipeline;
import java.util.ArrayList;
import java.util.List;

/**
 * A compiled model with every module on its way.
 *
 * @param model what came out
 * @param stages what each pass made, in order
 */
public record History(CompiledModel model, List<Stage> stages) {
    private static final String SPLIT = "split-weights";

    public History {
        stages = List.copyOf(stages);
    }

    /**
     * One pass.
     *
     * @param pass its name
     * @param after the module that it left
     * @param notes what it had to say
     */
    public record Stage(String pass, Module after, List<PassReport.Note> notes) {
        public Stage {
            notes = List.copyOf(notes);
        }
    }

    /** Runs the passes once more and keeps what each left; and behind them, what the device's limits asked for. */
    public static History of(CompiledModel model, Pipeline pipeline) {
        List<Stage> stages = new ArrayList<>();
        PassReport report = new PassReport();
        Module fused = pipeline.run(model.imported(), report, new PassObserver() {
            private int told;

            @Override
            public void ran(int index, String pass, Module before, Module after, long nanoseconds) {
                List<PassReport.Note> notes = report.notes();
                stages.add(new Stage(pass, after, notes.subList(told, notes.size())));
                told = notes.size();
            }

            @Override
            public void failed(int index, String pass, Module before, RuntimeException problem) {}
        });
        if (!fused.equals(model.optimised())) {
            stages.add(new Stage(SPLIT, model.optimised(), split(fused, model.optimised())));
        }
        return new History(model, stages);
    }

    private static List<PassReport.Note> split(Module before, Module after) {
        return before.weights().stream()
                .filter(weight -> after.weight(weight.name()).isEmpty())
                .map(weight -> new PassReport.Note(
                        SPLIT,
                        true,
                        weight.value().toString(),
                        "It is larger than what a device must be able to bind at a time."))
                .toList();
    }
}
