package dev.quern.plan.text;

import dev.quern.ir.text.Names;
import dev.quern.ir.text.read.Source;
import dev.quern.ir.text.read.Tree;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads functions whose statements are steps. */
final class StepReader {
    private final Source source;
    private final List<Kernel> kernels;
    private final Resources resources;

    StepReader(Source source, List<Kernel> kernels, Resources resources) {
        this.source = source;
        this.kernels = kernels;
        this.resources = resources;
    }

    EntryPoint entryPoint(Tree.Function function) {
        if (!function.parameters().isEmpty()
                || function.types().isPresent()
                || !function.results().isEmpty()) {
            throw source.error(
                    function.at(),
                    "an entry point of a plan takes and returns nothing; it reads and writes buffers: func @"
                            + Names.print(function.name().text()) + "() { … return }");
        }
        return new EntryPoint(
                function.name().text(), function.body().stream().map(this::step).toList());
    }

    private EntryPoint.Step step(Tree.Statement statement) {
        if (!statement.operation().text().equals("dispatch")) {
            throw source.error(
                    statement.operation().at(),
                    "expected a step, dispatch, found '" + statement.operation().text() + "'");
        }
        if (!statement.results().isEmpty() || statement.types().isPresent()) {
            throw source.error(statement.at(), "a step defines no value; it writes to what it binds");
        }
        statement.expression().ifPresent(expression -> {
            throw source.error(expression.at(), "a step names its kernel, which knows what it computes");
        });
        String kernel = statement
                .callee()
                .orElseThrow(() -> source.error(
                        statement.at(), "a step names its kernel before what it binds: dispatch \"label\" @kernel …"))
                .text();
        List<Kernel.Access> accesses = kernels.stream()
                .filter(candidate -> candidate.name().equals(kernel))
                .findFirst()
                .map(Kernel::bindings)
                .orElse(List.of());
        List<EntryPoint.Bound> bindings = new ArrayList<>();
        for (Tree.Argument argument : statement.arguments()) {
            int index = bindings.size();
            bindings.add(bound(argument));
            if (argument.access().isPresent()) {
                check(argument.access().get(), kernel, index, accesses);
            }
        }
        Fields fields = new Fields(source, statement.at(), "a step", statement.attributes());
        List<EntryPoint.Extent> grid = new ArrayList<>();
        for (Tree.Literal item : fields.items("grid")) {
            grid.add(extent(fields, item));
        }
        fields.finish();
        return new EntryPoint.Step(
                statement.label().map(Tree.Literal.Text::value).orElse(""), kernel, bindings, grid);
    }

    private EntryPoint.Bound bound(Tree.Argument argument) {
        String name = argument.name().text();
        if (argument.name().kind() != Tree.Kind.GLOBAL) {
            throw source.error(argument.name().at(), "a step binds buffers and weights, @name, no values");
        }
        if (argument.range().isPresent()) {
            Tree.Range range = argument.range().get();
            return new EntryPoint.Bound(name, range.start(), range.end() - range.start());
        }
        long whole = resources
                .bytes(name)
                .orElseThrow(() -> source.error(
                        argument.name().at(), "@" + Names.print(name) + " is not a buffer or weight of this plan"));
        return new EntryPoint.Bound(name, 0, whole);
    }

    /** The access repeats the kernel's; it is there for the eye. */
    private void check(Tree.Word access, String kernel, int index, List<Kernel.Access> accesses) {
        if (index >= accesses.size()) {
            throw source.error(
                    access.at(),
                    "there is no binding " + index + " of kernel @" + Names.print(kernel)
                            + " to say the access of; leave the word out");
        }
        String expected = accesses.get(index).text();
        if (!access.text().equals(expected)) {
            throw source.error(
                    access.at(),
                    "the access of binding " + index + " of kernel @" + Names.print(kernel) + " is " + expected
                            + ", found " + access.text());
        }
    }

    private EntryPoint.Extent extent(Fields fields, Tree.Literal item) {
        if (item instanceof Tree.Literal.Whole whole) {
            return EntryPoint.Extent.fixed(whole.value());
        }
        if (item instanceof Tree.Literal.Size size) {
            long divisor = number(size.divisor());
            if (size.dim() instanceof Tree.Name symbol) {
                return new EntryPoint.Extent(symbol.text(), number(size.factor()), divisor);
            }
            if (size.dim() instanceof Tree.Literal.Whole whole && size.factor().isEmpty()) {
                return new EntryPoint.Extent("", whole.value(), divisor);
            }
        }
        throw fields.wrong("grid", item, "a list of numbers of workgroups, [?tokens * 4 /^ 8, 1, 1]");
    }

    private static long number(Optional<Tree.Literal.Whole> whole) {
        return whole.map(Tree.Literal.Whole::value).orElse(1L);
    }
}
