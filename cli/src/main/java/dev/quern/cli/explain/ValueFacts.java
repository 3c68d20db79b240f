package dev.quern.cli.explain;

import dev.quern.cli.explain.Explanation.Fact;
import dev.quern.codegen.Selection;
import dev.quern.compiler.CompiledModel;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Statement;
import dev.quern.ir.Value;
import dev.quern.ir.text.Writer;
import dev.quern.passes.PassReport;
import dev.quern.plan.BufferSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells of a value, in each function that has one of its name: where it came from, what passes made of it, what
 * computes it, where it lies.
 */
final class ValueFacts {
    private final History history;
    private final CompiledModel model;
    private final String name;

    ValueFacts(History history, String name) {
        this.history = history;
        this.model = history.model();
        this.name = name;
    }

    List<Explanation> explanations() {
        List<Explanation> all = new ArrayList<>();
        for (Function function : model.imported().functions()) {
            List<Fact> facts = new ArrayList<>();
            parameter(function).ifPresent(value -> ofParameter(function, value, facts));
            ofStatement(function.name(), facts);
            if (!facts.isEmpty()) {
                all.add(new Explanation("%" + name + " in @" + function.name(), facts));
            }
        }
        return all;
    }

    private Optional<Value> parameter(Function function) {
        return function.parameters().stream()
                .filter(value -> value.name().equals(name))
                .findFirst();
    }

    private void ofParameter(Function function, Value value, List<Fact> facts) {
        facts.add(new Fact("parameter", Writer.type(value.type()) + ", given by the runtime"));
        notes(function.name(), facts);
        for (BufferSpec buffer : model.plan().buffers()) {
            if (buffer.name().equals(name)) {
                facts.add(new Fact(
                        "memory", "buffer " + name + ", " + buffer.role().text() + ", " + buffer.bytes() + " bytes"));
            }
        }
        facts.add(new Fact("used by", users(function.name())));
    }

    private void ofStatement(String function, List<Fact> facts) {
        Optional<String> before = statement(model.imported(), function);
        before.ifPresent(text -> facts.add(new Fact("imported", text)));
        boolean known = before.isPresent();
        for (History.Stage stage : history.stages()) {
            Optional<String> after = statement(stage.after(), function);
            known |= after.isPresent();
            if (known) {
                told(stage, function, facts);
            }
            if (!after.equals(before)) {
                facts.add(new Fact(stage.pass(), after.orElse("(no statement defines it from here on)")));
            }
            before = after;
        }
        if (known) {
            lowered(function, facts);
        }
    }

    /** The remarks of all passes on the parameter. */
    private void notes(String function, List<Fact> facts) {
        history.stages().forEach(stage -> told(stage, function, facts));
    }

    private void told(History.Stage stage, String function, List<Fact> facts) {
        for (PassReport.Note note : stage.notes()) {
            boolean here = !note.where().contains("%") || note.where().startsWith("@" + function + ", ");
            if (here && Naming.mentions(note.where() + " " + note.sentence(), "%" + name)) {
                String subject = Naming.mentions(note.where(), "%" + name) ? "" : note.where() + ": ";
                facts.add(new Fact(stage.pass(), (note.done() ? "done: " : "left: ") + subject + note.sentence()));
            }
        }
    }

    private Optional<String> statement(Module module, String function) {
        return module.function(function)
                .flatMap(found ->
                        found.body().stream().filter(this::defines).findFirst().map(Writer::statement));
    }

    private boolean defines(Statement statement) {
        return statement.results().stream().anyMatch(result -> result.name().equals(name));
    }

    private void lowered(String functionName, List<Fact> facts) {
        Selection selection = model.selection();
        Function function = selection.module().function(functionName).orElseThrow();
        for (int step = 0; step < function.body().size(); step++) {
            Statement statement = function.body().get(step);
            for (int result = 0; result < statement.results().size(); result++) {
                if (statement.results().get(result).name().equals(name)) {
                    facts.add(new Fact("dispatch", Writer.statement(statement)));
                    facts.add(new Fact(
                            "kernel",
                            selection.kernel(Places.dispatch(statement)).name() + ", step " + step + ", grid "
                                    + Places.grid(Places.dispatch(statement))));
                    Places.dispatch(statement).why().forEach(reason -> facts.add(new Fact("kernel", reason)));
                    facts.add(new Fact("memory", Places.place(model.plan(), function, step, result)));
                    facts.add(new Fact("used by", users(functionName)));
                }
            }
        }
    }

    private String users(String functionName) {
        Function function = model.selection().module().function(functionName).orElseThrow();
        List<String> users = new ArrayList<>();
        for (Statement statement : function.body()) {
            if (statement.op().operands().stream()
                    .anyMatch(value ->
                            value.kind() == Value.Kind.LOCAL && value.name().equals(name))) {
                users.add(statement.results().getFirst().toString());
            }
        }
        if (function.results().stream().anyMatch(value -> value.name().equals(name))) {
            users.add("the results of @" + functionName);
        }
        return users.isEmpty() ? "nothing" : String.join(", ", users);
    }
}
