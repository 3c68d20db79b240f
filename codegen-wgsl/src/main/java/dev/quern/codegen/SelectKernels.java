package dev.quern.codegen;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.lowering.Kept;
import dev.quern.codegen.lowering.Lowerings;
import dev.quern.codegen.lowering.SelectionException;
import dev.quern.codegen.lowering.Setting;
import dev.quern.codegen.lowering.Variant;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Function;
import dev.quern.ir.Grid.Extent;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TypeException;
import dev.quern.ir.Weight;
import dev.quern.ir.text.Writer;
import dev.quern.ir.verify.Place;
import dev.quern.plan.DeviceProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kernel selection: every operation of the {@code tensor} stage becomes one dispatch of one kernel instance, and every
 * weight gets the layout and placement that its kernels want.
 *
 * <pre>
 *   before  %y = linear %x, @w {norm = @g, eps = 1.0e-5} : f32[1, 960]
 *   after   %y = linear %x, @w {norm = @g, eps = 1.0e-5} by matvec.lanes {…} binds @w, %x, @g, %y grid [30, 1, 1] : …
 * </pre>
 *
 * <p>A {@link dev.quern.codegen.lowering.Lowering} lists the variants, and the first that the device can run is taken.
 * Where a module says already which kernel computes an operation, as one does that was read from text, that variant is
 * taken and no other; so what is accepted is what could have been written, whatever was edited. What has no kernel is
 * refused by name.
 */
public final class SelectKernels {
    private final Module module;
    private final DeviceProfile profile;
    private final Setting setting;
    private final Map<Dispatch, KernelDefinition> definitions = new LinkedHashMap<>();
    private final Map<String, KernelDefinition> byName = new LinkedHashMap<>();

    private SelectKernels(Module module, DeviceProfile profile) {
        this.module = module;
        this.profile = profile;
        this.setting = Setting.of(module, profile);
    }

    /**
     * Lowers a module for a device profile.
     *
     * @param module at the {@code tensor} stage, or at the {@code dispatch} stage for what was lost of it as text
     * @throws SelectionException with its place, if an operation has no kernel, or if a dispatch or a weight is not
     *     what the profile's kernels call for
     */
    public static Selection select(Module module, DeviceProfile profile) {
        module.profile().filter(name -> !name.equals(profile.name())).ifPresent(name -> {
            throw new SelectionException("The kernels of this graph are chosen for the profile " + name + ", not for "
                    + profile.name() + ".");
        });
        return new SelectKernels(module, profile).select();
    }

    private Selection select() {
        List<Function> functions = new ArrayList<>();
        for (int index = 0; index < module.functions().size(); index++) {
            functions.add(lower(module.functions().get(index), index));
        }
        checkStorage();
        Map<String, TileGeometry> geometries = new LinkedHashMap<>();
        Map<String, String> reasons = new LinkedHashMap<>();
        for (Kept kept : setting.weights().all()) {
            String name = kept.weight().name();
            kept.geometry().ifPresent(geometry -> geometries.put(name, geometry));
            reasons.put(name, kept.why());
        }
        Module lowered = new Module(
                module.name(), Stage.DISPATCH, Optional.of(profile.name()), module.symbols(), weights(), functions);
        return new Selection(lowered, definitions, geometries, reasons);
    }

    private Function lower(Function function, int place) {
        List<Statement> body = new ArrayList<>();
        for (Statement statement : function.body()) {
            Place here = new Place.OfStatement(place, body.size());
            try {
                body.add(new Statement(statement.results(), lower(statement, setting.at(function, body.size()))));
            } catch (SelectionException e) {
                throw e.at(here);
            } catch (TypeException e) {
                throw new SelectionException(String.valueOf(e.getMessage()), here);
            }
        }
        return function.with(body, function.results());
    }

    private Dispatch lower(Statement statement, Setting here) {
        return switch (statement.op()) {
            case TensorOp op -> take(op, preferred(Lowerings.variants(op, here)));
            case Dispatch written -> {
                Variant variant = named(written, Lowerings.variants(written.computes(), here));
                Dispatch dispatch = take(written.computes(), variant);
                if (!dispatch.equals(written)) {
                    throw new SelectionException(
                            "For the profile " + profile.name() + " this dispatch is expected to be\n    "
                                    + Writer.statement(new Statement(statement.results(), dispatch)));
                }
                yield dispatch;
            }
        };
    }

    /** The first variant that the device can run. */
    private Variant preferred(List<Variant> variants) {
        return variants.stream()
                .filter(variant -> objection(variant).isEmpty())
                .findFirst()
                .orElseThrow(() ->
                        new SelectionException(objection(variants.getFirst()).orElseThrow()));
    }

    /** The variant that a dispatch names. */
    private Variant named(Dispatch written, List<Variant> variants) {
        Variant variant = variants.stream()
                .filter(each -> each.kernel().equals(written.kernel()))
                .findFirst()
                .orElseThrow(() -> new SelectionException("No kernel " + Writer.kernel(written.kernel())
                        + " computes this; for the profile " + profile.name() + " it is computed by "
                        + String.join(
                                " or by ",
                                variants.stream()
                                        .filter(each -> objection(each).isEmpty())
                                        .map(each -> Writer.kernel(each.kernel()))
                                        .toList())
                        + "."));
        objection(variant).ifPresent(sentence -> {
            throw new SelectionException(sentence);
        });
        return variant;
    }

    private Dispatch take(TensorOp op, Variant variant) {
        setting.weights().keep(variant.weights());
        KernelDefinition known = byName.putIfAbsent(variant.definition().name(), variant.definition());
        if (known != null && !known.equals(variant.definition())) {
            throw new IllegalStateException("two different kernels are named " + known.name());
        }
        Dispatch dispatch = variant.dispatch(op);
        definitions.put(dispatch, variant.definition());
        return dispatch;
    }

    /** Why the device cannot run a variant, if it cannot. */
    private Optional<String> objection(Variant variant) {
        if (variant.objection().isPresent()) {
            return variant.objection();
        }
        int most = profile.limits().maxComputeWorkgroupsPerDimension();
        return variant.grid().axes().stream()
                .filter(axis -> axis.max() > most)
                .findFirst()
                .map(axis -> tooMany(variant, axis, most));
    }

    private String tooMany(Variant variant, Extent axis, int most) {
        return "The kernel " + variant.definition().name() + " wants " + axis.max()
                + " workgroups along one axis; the profile " + profile.name() + " allows " + most + ".";
    }

    /** Where storage is decided already, it must be what the kernels want. */
    private void checkStorage() {
        for (Kept kept : setting.weights().all()) {
            Optional<Weight> written = module.weight(kept.weight().name());
            if (written.filter(weight -> weight.storage().isPresent()).isPresent()
                    && !written.get().equals(kept.weight())) {
                throw new SelectionException(
                        "For the profile " + profile.name() + " this weight is expected to be\n    "
                                + Writer.weight(kept.weight()),
                        new Place.OfWeight(module.weights().indexOf(written.get())));
            }
        }
    }

    /** The weights of the lowered module: those of a text as they stand there, else those that are bound. */
    private List<Weight> weights() {
        if (module.stage() != Stage.TENSOR) {
            return module.weights();
        }
        Map<String, Weight> weights = new LinkedHashMap<>();
        for (Kept kept : setting.weights().all()) {
            if (kept.weight().source() instanceof Weight.Source.Rotations rotations) {
                // What a table is computed of is bound by no kernel.
                rotations
                        .factors()
                        .flatMap(module::weight)
                        .ifPresent(weight -> weights.putIfAbsent(weight.name(), weight));
            }
            weights.put(kept.weight().name(), kept.weight());
        }
        return List.copyOf(weights.values());
    }
}
