package dev.quern.compiler;

import dev.quern.codegen.ArenaLayout;
import dev.quern.codegen.EmitPlan;
import dev.quern.codegen.SelectKernels;
import dev.quern.codegen.Selection;
import dev.quern.codegen.lowering.SelectionException;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.verify.Verifier;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Plan;
import dev.quern.plan.verify.PlanVerifier;

/** What comes behind the passes: kernels are chosen, memory is planned. Each result is verified. */
public final class Lowering {
    private Lowering() {}

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
