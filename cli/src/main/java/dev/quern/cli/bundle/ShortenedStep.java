package dev.quern.cli.bundle;

import dev.quern.ir.Dispatch;
import dev.quern.ir.Function;
import dev.quern.ir.Slice;
import dev.quern.ir.Statement;
import dev.quern.ir.Value;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.bundle.SelfTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A step of a model without most of its layers: what is left runs every kernel that the whole does.
 *
 * <pre>
 *   embed   layer 0   layer 1   layer 2   …   layer 31   head
 *   embed   layer 0   layer 1                            head
 * </pre>
 *
 * <p>What is behind the gap reads what an earlier layer has left in place of the last one. When not: the kernels of the
 * last steps also run before them, or no earlier layer leaves the like.
 *
 * @param whole with a dispatch for each of the steps
 * @param steps of the plan
 * @param first the first statement that is left out
 * @param next the first behind the gap
 */
record ShortenedStep(Function whole, List<EntryPoint.Step> steps, int first, int next) {

    /** The shortest; none where nothing can be left out. */
    static Optional<ShortenedStep> of(Function whole, EntryPoint entryPoint) {
        List<EntryPoint.Step> steps = entryPoint.steps();
        if (whole.body().size() != steps.size()) {
            throw new IllegalArgumentException("@" + whole.name() + " has "
                    + whole.body().size() + " statements, and the plan " + steps.size() + " steps");
        }
        Optional<ShortenedStep> best = Optional.empty();
        for (int next = steps.size() - 1; next > 0; next--) {
            Set<String> before = kernels(steps.subList(0, next));
            if (kernels(steps.subList(next, steps.size())).stream().noneMatch(before::contains)) {
                for (int first = prefix(steps, before); first < next; first++) {
                    var shortened = new ShortenedStep(whole, steps, first, next);
                    if (shortened.fits()
                            && best.filter(other -> other.missing() >= shortened.missing())
                                    .isEmpty()) {
                        best = Optional.of(shortened);
                    }
                }
            }
        }
        return best;
    }

    private int missing() {
        return next - first;
    }

    /** As many steps as it takes to run some kernels. */
    private static int prefix(List<EntryPoint.Step> steps, Set<String> kernels) {
        Set<String> missing = new HashSet<>(kernels);
        int length = 0;
        while (!missing.isEmpty()) {
            missing.remove(steps.get(length).kernel());
            length++;
        }
        return length;
    }

    private static Set<String> kernels(List<EntryPoint.Step> steps) {
        Set<String> kernels = new HashSet<>();
        steps.forEach(step -> kernels.add(step.kernel()));
        return kernels;
    }

    /** Whether statements before the gap leave the like of all that is read across it. */
    private boolean fits() {
        return across().stream().allMatch(each -> isAlike(each.index(), each.result()));
    }

    /** A result of a statement. */
    private record Result(int index, int result) {}

    /** What is made in the gap and read behind it. */
    private List<Result> across() {
        Set<Value> read = new HashSet<>();
        whole.body()
                .subList(next, whole.body().size())
                .forEach(reader -> read.addAll(reader.op().operands()));
        List<Result> across = new ArrayList<>();
        for (int index = first; index < next; index++) {
            List<Value> results = whole.body().get(index).results();
            for (int result = 0; result < results.size(); result++) {
                if (read.contains(results.get(result))) {
                    across.add(new Result(index, result));
                }
            }
        }
        return across;
    }

    private boolean isAlike(int index, int result) {
        int earlier = index - missing();
        if (earlier < 0 || earlier >= first) {
            return false;
        }
        List<Value> results = whole.body().get(index).results();
        List<Value> others = whole.body().get(earlier).results();
        return others.size() == results.size()
                && others.get(result).type().equals(results.get(result).type())
                && !Slice.incomplete(dispatch(index).computes())
                && isKept(others.get(result));
    }

    /** Whether a value is still there where the gap begins: something reads it behind that. */
    private boolean isKept(Value value) {
        return whole.body().subList(first, whole.body().size()).stream()
                .anyMatch(statement -> statement.op().operands().contains(value));
    }

    private Dispatch dispatch(int index) {
        return (Dispatch) whole.body().get(index).op();
    }

    private SelfTest.Place place(int index, int result) {
        return new SelfTest.Place(steps.get(index).label(), dispatch(index).slotOf(result));
    }

    private EntryPoint.Bound bound(int index, int result) {
        return steps.get(index).bindings().get(dispatch(index).slotOf(result));
    }

    /**
     * Another function of the same model, whose weights may be whole where those of this one are split, without what is
     * left out here. Of its results it has those that are computed.
     */
    Function in(Function other) {
        Map<String, String> instead = new HashMap<>();
        Set<String> gone = new HashSet<>();
        for (int index = first; index < next; index++) {
            List<Value> results = whole.body().get(index).results();
            results.forEach(result -> gone.add(result.name()));
            int earlier = index - missing();
            if (earlier >= 0) {
                List<Value> others = whole.body().get(earlier).results();
                for (int result = 0; result < Math.min(results.size(), others.size()); result++) {
                    instead.put(results.get(result).name(), others.get(result).name());
                }
            }
        }
        Map<String, Value> defined = new HashMap<>();
        other.parameters().forEach(parameter -> defined.put(parameter.name(), parameter));
        List<Statement> body = new ArrayList<>();
        for (Statement statement : other.body()) {
            if (!gone.contains(statement.results().getFirst().name())) {
                statement.results().forEach(result -> defined.put(result.name(), result));
                body.add(new Statement(
                        statement.results(),
                        statement
                                .op()
                                .map(value -> gone.contains(value.name())
                                        ? Objects.requireNonNull(defined.get(instead.get(value.name())))
                                        : value)));
            }
        }
        return other.with(
                body,
                other.results().stream()
                        .filter(result -> defined.containsKey(result.name()))
                        .toList());
    }

    /** The gap, as the test carries it. */
    SelfTest.Gap gap() {
        List<SelfTest.Move> moves = new ArrayList<>();
        for (Result each : across()) {
            int earlier = each.index() - missing();
            if (!bound(earlier, each.result()).equals(bound(each.index(), each.result()))) {
                moves.add(new SelfTest.Move(place(earlier, each.result()), place(each.index(), each.result())));
            }
        }
        return new SelfTest.Gap(steps.get(first).label(), steps.get(next).label(), moves);
    }
}
