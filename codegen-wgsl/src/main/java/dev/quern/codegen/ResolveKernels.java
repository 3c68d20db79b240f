package dev.quern.codegen;

import dev.quern.ir.DispatchOp.Dispatch;
import dev.quern.ir.Module;
import dev.quern.ir.Statement;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.ir.text.Writer;
import dev.quern.ir.verify.Place;
import dev.quern.plan.DeviceProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds what a module of the {@code dispatch} stage names: for a module that was read from text, the {@link Selection}
 * that was lost when it was printed.
 *
 * <p>Each dispatch is raised to the operation that its kernel stands for and lowered again for the profile. What comes
 * out must be what stands there: so a module that is accepted is one that {@link SelectKernels} could have written,
 * whatever was edited.
 */
public final class ResolveKernels {
    private ResolveKernels() {}

    /**
     * The selection of a verified module. It has no {@link Selection#tables}, since a table's contents do not stand in
     * the text.
     *
     * @throws SelectionException with its place, where a dispatch or a weight is not what the profile's kernels call
     *     for
     */
    public static Selection resolve(Module module, DeviceProfile profile) {
        Selection lowered = SelectKernels.select(RaiseKernels.raise(module), profile);
        List<SelectionException> differences = differences(module, lowered.module(), profile);
        if (!differences.isEmpty()) {
            throw differences.getFirst();
        }
        return new Selection(
                module, lowered.kernels(), lowered.geometries(), Map.of(), lowered.choices(), lowered.storageReasons());
    }

    /**
     * The profile that a verified module of the {@code dispatch} stage was most probably lowered for: the one for which
     * the fewest dispatches and weights would be written otherwise; of equals the last in the list.
     *
     * @param profiles at least one
     */
    public static DeviceProfile likelyProfile(Module module, List<DeviceProfile> profiles) {
        DeviceProfile likely = profiles.getLast();
        Module raised;
        try {
            raised = RaiseKernels.raise(module);
        } catch (SelectionException e) {
            return likely;
        }
        int fewest = Integer.MAX_VALUE;
        for (DeviceProfile profile : profiles.reversed()) {
            int different = different(module, raised, profile);
            if (different < fewest) {
                likely = profile;
                fewest = different;
            }
        }
        return likely;
    }

    private static int different(Module module, Module raised, DeviceProfile profile) {
        try {
            Module lowered = SelectKernels.select(raised, profile).module();
            return differences(module, lowered, profile).size();
        } catch (SelectionException e) {
            return Integer.MAX_VALUE;
        }
    }

    /** What the profile's kernels call for otherwise than it was found: dispatches in order, then weights. */
    private static List<SelectionException> differences(Module module, Module lowered, DeviceProfile profile) {
        List<SelectionException> differences = new ArrayList<>();
        for (int index = 0; index < module.functions().size(); index++) {
            List<Statement> found = module.functions().get(index).body();
            List<Statement> expected = lowered.functions().get(index).body();
            for (int at = 0; at < found.size(); at++) {
                Statement statement = withTable(expected.get(at), found.get(at));
                if (!statement.equals(found.get(at))) {
                    differences.add(new SelectionException(
                            "For the profile " + profile.name() + " this dispatch is expected to be\n    "
                                    + Writer.statement(statement),
                            new Place.OfStatement(index, at)));
                }
            }
        }
        for (int index = 0; index < module.weights().size(); index++) {
            Weight found = module.weights().get(index);
            Weight expected = lowered.weight(found.name()).orElse(found);
            if (!found.equals(expected) && !found.sources().isEmpty()) {
                differences.add(new SelectionException(
                        "For the profile " + profile.name() + " this weight is expected to be\n    "
                                + Writer.weight(expected),
                        new Place.OfWeight(index)));
            }
        }
        return differences;
    }

    /** The statement as it was expected, with the table that was found, where both have one of the same type. */
    private static Statement withTable(Statement expected, Statement found) {
        if (expected.op() instanceof Dispatch wanted
                && found.op() instanceof Dispatch given
                && wanted.kernel().startsWith("rope_")
                && given.inputs().size() == wanted.inputs().size()) {
            int index = 2;
            Value table = given.inputs().get(index);
            if (table.kind() == Value.Kind.WEIGHT
                    && table.type().equals(wanted.inputs().get(index).type())) {
                List<Value> inputs = new ArrayList<>(wanted.inputs());
                inputs.set(index, table);
                return new Statement(
                        expected.results(), new Dispatch(wanted.kernel(), inputs, wanted.outputs(), wanted.grid()));
            }
        }
        return expected;
    }
}
