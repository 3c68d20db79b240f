package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.kernel.SideBySide;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Binding;
import dev.quern.ir.Grid;
import dev.quern.ir.Grid.Extent;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.Products;
import dev.quern.plan.DeviceProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Products of one input side by side: the kernels that the profile has for each of them, joined into one. A workgroup
 * belongs to one product.
 */
final class ProductsLowering implements Lowering<Products> {
    @Override
    public List<Variant> variants(Products op, Setting setting) {
        if (op.products().size() > SideBySide.MOST) {
            throw new SelectionException("There are " + op.products().size() + " products of " + op.x()
                    + "; kernels compute up to " + SideBySide.MOST
                    + " side by side. Leave the others out of the fusion.");
        }
        if (op.sum().isPresent() && op.x().tensor().rows().max() > 1) {
            throw new SelectionException("The products of " + op.x() + " are of a sum, and there may be "
                    + op.x().tensor().rows().max()
                    + " tokens; kernels compute sums on the way of one token only. Leave the sum out of the fusion.");
        }
        op.sum().map(Products.Sum::residual).ifPresent(residual -> {
            if (residual.equals(op.x())
                    || op.products().stream()
                            .anyMatch(each -> each.finish().values().contains(residual))) {
                throw new SelectionException("The products would read " + residual
                        + " twice; kernels bind each value once. Leave the sum out of the fusion.");
            }
        });
        // What a product of the others still reads is not overwritten.
        Setting keeping = setting.keeping();
        long tiles = 0;
        for (Products.Product product : op.products()) {
            tiles += keeping.weights()
                    .tiles(product.weight(), product.parts())
                    .geometry()
                    .map(TileGeometry::tiles)
                    .orElseThrow();
        }
        List<List<Variant>> ofEach = new ArrayList<>();
        for (Linear linear : op.linears(op.x())) {
            ofEach.add(ProductLowering.variants(linear, op.sum(), keeping, tiles));
        }
        List<Variant> joined = new ArrayList<>();
        for (Variant first : ofEach.getFirst()) {
            List<Variant> alike = ofEach.stream()
                    .map(variants -> variants.stream()
                            .filter(each -> each.kernel().equals(first.kernel()))
                            .findFirst()
                            .orElseThrow())
                    .toList();
            joined.add(
                    alike.size() == 1 && op.sum().isEmpty()
                            ? first
                            : new Joint(op, alike, setting.profile()).variant());
        }
        return joined;
    }

    /** Variants of single products, made one. */
    private record Joint(Products op, List<Variant> variants, DeviceProfile profile) {
        Variant variant() {
            Map<String, Kept> weights = new LinkedHashMap<>();
            variants.forEach(variant ->
                    variant.weights().forEach(kept -> weights.put(kept.weight().name(), kept)));
            List<Extent> axes = variants.getFirst().grid().axes();
            long groups = variants.stream().mapToLong(Joint::groups).sum();
            return new Variant(
                    variants.getFirst().kernel(),
                    definition(),
                    bindings(),
                    Grid.of(Extent.fixed(groups), axes.get(1), axes.get(2)),
                    List.copyOf(weights.values()),
                    variants.stream()
                            .flatMap(variant -> variant.objection().stream())
                            .findFirst(),
                    why(groups));
        }

        private static long groups(Variant variant) {
            return variant.grid().axes().getFirst().max();
        }

        private KernelDefinition definition() {
            List<SideBySide.Branch> branches = new ArrayList<>();
            variants.forEach(variant ->
                    branches.add(new SideBySide.Branch(variant.definition(), shared(variant), groups(variant))));
            return SideBySide.join(spelling(), lanes(), opening(), branches);
        }

        private SideBySide.Opening opening() {
            if (op.sum().isEmpty()) {
                return SideBySide.Opening.NONE;
            }
            long groups = variants.stream().mapToLong(Joint::groups).sum();
            List<Constant> constants = List.of(
                    new Constant.Whole("GROUPS", groups),
                    new Constant.Real("POST_EPSILON", op.sum().get().norm().epsilon()));
            return switch (profile.shape()) {
                case LANE_PER_ROW ->
                    new SideBySide.Opening(constants, List.of(Slot.readWrite("summed", "vec4f")), "beside/sum_lanes");
                case FOUR_LANES ->
                    new SideBySide.Opening(constants, List.of(Slot.readWrite("summed", "f32")), "beside/sum_four");
                case WORKGROUP ->
                    new SideBySide.Opening(constants, List.of(Slot.readWrite("summed", "vec4f")), "beside/sum_group");
            };
        }

        private int lanes() {
            return switch (profile.shape()) {
                case LANE_PER_ROW -> LaneProducts.LANES;
                case FOUR_LANES -> FourLaneProducts.LANES;
                case WORKGROUP -> profile.lanes();
            };
        }

        /** The slots of a variant that all bind alike. */
        private Set<String> shared(Variant variant) {
            Set<String> shared = new LinkedHashSet<>();
            for (int slot = 0; slot < variant.bindings().size(); slot++) {
                if (isShared(variant, slot)) {
                    shared.add(variant.definition().slots().get(slot).name());
                }
            }
            return shared;
        }

        private boolean isShared(Variant variant, int slot) {
            Binding binding = variant.bindings().get(slot);
            Slot own = variant.definition().slots().get(slot);
            return binding instanceof Binding.Reads
                    && variants.stream().allMatch(other -> {
                        int there = other.definition().slots().indexOf(own);
                        return there >= 0 && other.bindings().get(there).equals(binding);
                    });
        }

        /** In the order in which {@link SideBySide} puts the slots. */
        private List<Binding> bindings() {
            int first = op.sum().isPresent() ? 1 : 0;
            List<Binding> bindings = new ArrayList<>();
            for (int number = 0; number < variants.size(); number++) {
                Variant variant = variants.get(number);
                for (int slot = 0; slot < variant.bindings().size(); slot++) {
                    if (number == 0 || !isShared(variant, slot)) {
                        Binding binding = variant.bindings().get(slot);
                        bindings.add(binding.result().isPresent() ? new Binding.Writes(first + number) : binding);
                    }
                }
            }
            if (op.sum().isPresent()) {
                bindings.add(new Binding.Writes(0));
            }
            return bindings;
        }

        private String spelling() {
            List<String> each = variants.stream().map(Joint::spelling).toList();
            int common = 0;
            String skeleton = variants.getFirst().kernel().family().replace('.', '_') + "_";
            if (each.stream().allMatch(name -> name.startsWith(skeleton))) {
                common = skeleton.length();
            }
            List<String> ends = new ArrayList<>();
            for (String name : each) {
                ends.add(ends.isEmpty() ? name : name.substring(common));
            }
            return String.join("_beside_", ends);
        }

        /** A kernel's name without its digest. */
        private static String spelling(Variant variant) {
            String name = variant.definition().name();
            return name.substring(0, name.lastIndexOf('_'));
        }

        private List<String> why(long groups) {
            Set<String> why = new LinkedHashSet<>();
            op.sum()
                    .ifPresent(sum -> why.add("Adds " + sum.residual() + " to its input on the way, which is normalised"
                            + " with the gain " + sum.norm().gain()
                            + "; each workgroup finds the mean square for itself and"
                            + " writes a share of the sum."));
            if (variants.size() > 1) {
                why.add("Computes " + variants.size() + " products of one input in one dispatch of " + groups
                        + " workgroups, each of which belongs to one of them: "
                        + String.join(
                                ", ",
                                variants.stream()
                                        .map(variant -> groups(variant) + " to "
                                                + variant.weights()
                                                        .getFirst()
                                                        .weight()
                                                        .value())
                                        .toList())
                        + ".");
            }
            variants.forEach(variant -> why.addAll(variant.why()));
            return List.copyOf(why);
        }
    }
}
