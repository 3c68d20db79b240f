package dev.quern.compiler;

import dev.quern.codegen.ArenaLayout;
import dev.quern.codegen.EmitPlan;
import dev.quern.codegen.SelectKernels;
import dev.quern.codegen.Selection;
import dev.quern.codegen.SplitWeights;
import dev.quern.codegen.lowering.SelectionException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufTensor;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.verify.Verifier;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Plan;
import dev.quern.plan.verify.PlanVerifier;
import java.util.List;
import java.util.function.ToLongFunction;

/** What comes behind the passes: kernels are chosen, memory is planned. Each result is verified. */
public final class Lowering {
    private Lowering() {}

    /**
     * Splits the weights of a graph that some device cannot bind whole; nothing where kernels are chosen already.
     *
     * @param profiles of all plans that are to share the weights
     * @param rowsOf the number of rows of a tensor of the model file
     * @throws SelectionException if a weight is too large, and no division of its rows serves all who use it
     */
    public static Module split(
            Module module, List<DeviceProfile> profiles, ToLongFunction<String> rowsOf, CompileObserver observer) {
        if (module.stage() != Stage.TENSOR) {
            return module;
        }
        DeviceProfile least = profiles.getFirst();
        for (DeviceProfile profile : profiles) {
            least = least.atMost(profile.limits());
        }
        try {
            Module split = SplitWeights.split(module, least, rowsOf);
            Verifier.verify("after weights were split", split);
            return split;
        } catch (SelectionException refusal) {
            throw refusal;
        } catch (RuntimeException problem) {
            observer.loweringFailed(Stage.DISPATCH, module, problem);
            throw problem;
        }
    }

    /** The same, with the tensors of a model file. */
    public static Module split(Module module, List<DeviceProfile> profiles, GgufFile file, CompileObserver observer) {
        return split(
                module,
                profiles,
                name -> {
                    GgufTensor tensor = file.requireTensor(name);
                    return tensor.elements() / tensor.rowElements();
                },
                observer);
    }

    /**
     * From the {@code tensor} stage to the {@code dispatch} stage; and from that stage, as text has it, to the kernels
     * that it names.
     *
     * @throws SelectionException with its place, if the profile has no kernel for something, or if a dispatch or a
     *     weight is not what the profile's kernels call for
     */
    public static Selection select(Module module, DeviceProfile profile, CompileObserver observer) {
        Selection selection;
        try {
            selection = SelectKernels.select(module, profile);
            Verifier.verify("after the choice of kernels", selection.module());
        } catch (SelectionException refusal) {
            throw refusal;
        } catch (RuntimeException problem) {
            observer.loweringFailed(Stage.DISPATCH, module, problem);
            throw problem;
        }
        observer.selected(selection);
        return selection;
    }

    /**
     * From the {@code dispatch} stage to a plan.
     *
     * @throws SelectionException if no runtime knows what to do with a parameter or a result
     */
    public static Plan plan(Selection selection, DeviceProfile profile, CompileObserver observer) {
        Plan plan;
        try {
            ArenaLayout arena = ArenaPlanner.plan(selection);
            plan = EmitPlan.emit(selection, profile, arena);
            PlanVerifier.verify(plan);
        } catch (SelectionException refusal) {
            throw refusal;
        } catch (RuntimeException problem) {
            observer.loweringFailed(Stage.PLAN, selection.module(), problem);
            throw problem;
        }
        observer.planned(plan);
        return plan;
    }
}
