package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.kernel.KernelNames;
import dev.quern.ir.Binding;
import dev.quern.ir.Grid;
import dev.quern.ir.Grid.Extent;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.PlaceHeads;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Heads put where attention reads them. Bindings: the values in which they lie, one to three; position; the table of a
 * rotation; the gains of norms; keys, values, y.
 */
final class PlaceHeadsLowering implements Lowering<PlaceHeads> {
    private static final List<String> PARTS = List.of("QUERY", "KEY", "VALUE");
    private static final List<String> ORDINALS = List.of("first", "second", "third");
    private static final List<String> COUNTS = List.of("one", "two", "three");

    /** Lanes of which a driver for processors makes one instruction. */
    private static final int FEWEST_LANES = 8;

    @Override
    public List<Variant> variants(PlaceHeads op, Setting setting) {
        if (op.headSize() % 2 != 0) {
            throw new SelectionException(
                    "No kernel puts heads of " + op.headSize() + " elements into place: two are written at a time.");
        }
        StateFormat format = StateFormat.of(Setting.kept(op.keys(), op.values()));
        if (op.headSize() % format.kept().elements() != 0) {
            throw new SelectionException("No kernel puts heads of " + op.headSize() + " elements into states of "
                    + format.text() + ": a block of " + format.kept().elements()
                    + " elements lies in one head. Keep keys and values as f16 (--cache f16).");
        }
        return List.of(new Choice(op, setting, format).variant());
    }

    private static long elements(Linear.Norm norm) {
        return norm.gain().tensor().maxElements();
    }

    /** The kernel of one operation. */
    private static final class Choice {
        private final PlaceHeads op;
        private final Setting setting;
        private final StateFormat format;
        private final Optional<Long> ring;
        private final int lanes;
        private final List<Value> sources;
        private final List<Linear.Norm> norms = new ArrayList<>();
        private final List<Constant> constants = new ArrayList<>();
        private final List<Slot> slots = new ArrayList<>();
        private final List<String> files = new ArrayList<>();
        private final List<Binding> bindings = new ArrayList<>();
        private final List<Kept> weights = new ArrayList<>();
        private final List<String> why = new ArrayList<>();

        Choice(PlaceHeads op, Setting setting, StateFormat format) {
            this.op = op;
            this.setting = setting;
            this.format = format;
            this.ring = setting.ring(op.keys(), op.values());
            // A lane takes two elements of its workgroup's head at a time.
            int wanted = Math.ceilDiv(op.headSize() / 2, FEWEST_LANES) * FEWEST_LANES;
            this.lanes = Math.min(setting.profile().lanes(), wanted);
            this.sources =
                    op.parts().stream().map(PlaceHeads.Part::x).distinct().toList();
        }

        Variant variant() {
            constants.addAll(List.of(
                    new Constant.Whole("LANES", lanes),
                    new Constant.Whole("HEADS", op.heads()),
                    new Constant.Whole("KEY_VALUE_HEADS", op.keyValueHeads()),
                    new Constant.Whole("HEAD_SIZE", op.headSize())));
            long heads = op.heads() + 2L * op.keyValueHeads();
            why.add("A workgroup of " + lanes + " lanes a head, of " + heads
                    + " heads a token; keys and values are written as "
                    + (format.inBlocks() ? "blocks" : "pairs") + " of " + format.text() + ".");
            sources();
            slots.add(Slot.read("position", "u32"));
            bindings.add(Setting.reads(op.position()));
            norms();
            rotation();
            states();
            files.add("place_heads");
            return new Variant(
                    KernelInstance.of("place_heads").with("lanes", lanes),
                    KernelNames.named(spelling(), constants, slots, files, List.of()),
                    bindings,
                    Grid.of(
                            Extent.fixed(heads),
                            new Extent(op.query().x().tensor().rows(), 1, 1),
                            Extent.fixed(1)),
                    weights,
                    why);
        }

        private void sources() {
            for (int number = 0; number < sources.size(); number++) {
                slots.add(Slot.readWrite(number == 0 ? "x" : ORDINALS.get(number) + "_x", "f32"));
                bindings.add(Setting.reads(sources.get(number)));
            }
            for (int number = 0; number < PARTS.size(); number++) {
                PlaceHeads.Part part = op.parts().get(number);
                String name = PARTS.get(number);
                constants.add(
                        new Constant.Whole(name + "_COLUMNS", part.x().tensor().columns()));
                constants.add(new Constant.Whole(name + "_START", part.start()));
                if (sources.size() == 2 && number > 0) {
                    constants.add(new Constant.Whole(name + "_FROM", sources.indexOf(part.x())));
                }
            }
            files.add("heads/from_" + COUNTS.get(sources.size() - 1));
        }

        private void norms() {
            for (PlaceHeads.Part part : op.parts()) {
                part.norm().ifPresent(norms::add);
            }
            if (norms.isEmpty()) {
                files.add("heads/plain");
                return;
            }
            int gains = 0;
            for (int number = 0; number < PARTS.size(); number++) {
                Optional<Linear.Norm> norm = op.parts().get(number).norm();
                constants.add(new Constant.Real(
                        PARTS.get(number) + "_EPSILON",
                        norm.map(Linear.Norm::epsilon).orElse(1f)));
                constants.add(new Constant.Whole(PARTS.get(number) + "_GAIN", norm.isPresent() ? ++gains : 0));
                if (ofRows()) {
                    constants.add(new Constant.Whole(
                            PARTS.get(number) + "_NORMED",
                            norm.map(PlaceHeadsLowering::elements).orElse((long) op.headSize())));
                }
            }
            for (int number = 0; number < norms.size(); number++) {
                Kept gain = setting.weights().vector(norms.get(number).gain());
                weights.add(gain);
                slots.add(Slot.uniform(ORDINALS.get(number) + "_gain", "vec4f", elements(norms.get(number)) / 4));
                bindings.add(Setting.reads(gain.weight().value()));
            }
            files.add("heads/gains_" + norms.size());
            files.add(ofRows() ? "heads/normed_rows" : "heads/normed");
            why.add(
                    ofRows()
                            ? "Each workgroup reads all heads that are normalised with its own, for their mean square."
                            : "Each workgroup normalises its own head.");
        }

        /** Whether a norm is one of several heads together. */
        private boolean ofRows() {
            return norms.stream().anyMatch(norm -> elements(norm) != op.headSize());
        }

        private void rotation() {
            if (op.rotation().isEmpty()) {
                files.add("heads/unrotated");
                return;
            }
            Kept table = setting.weights().rotations(op.rotation().get(), op.factors(), setting.positions());
            weights.add(table);
            constants.add(new Constant.Whole("ROTARY", op.rotation().get().rotary()));
            slots.add(Slot.read("table", "vec2f"));
            bindings.add(Setting.reads(table.weight().value()));
            switch (op.rotation().get().pairing()) {
                case ADJACENT -> files.add("heads/adjacent");
                case HALVES -> files.addAll(List.of("pairing/halves", "heads/halves"));
            }
            why.add("Cosines and sines come from " + table.weight().value() + ", computed when the model is compiled.");
        }

        private void states() {
            // Workgroups of neighbouring heads meet in a word of two scales, where a head has an odd number of blocks.
            ring.ifPresent(rows -> {
                constants.add(new Constant.Whole("RING", rows));
                why.add("The states hold the last " + rows + " positions, each in the row of its remainder.");
            });
            boolean shared = format.inBlocks()
                    && op.keyValueHeads() > 1
                    && op.headSize() / format.kept().elements() % 2 != 0;
            String word = shared ? "atomic<u32>" : format.pair();
            slots.addAll(List.of(
                    Slot.readWrite("keys", word), Slot.readWrite("values", word), Slot.readWrite("y", "vec2f")));
            bindings.addAll(List.of(
                    new Binding.InPlace(op.keys(), 1), new Binding.InPlace(op.values(), 2), new Binding.Writes(0)));
            files.addAll(format.writes());
            if (format.inBlocks()) {
                files.add(shared ? "heads/shared_scales" : "heads/own_scales");
            }
            files.add(format.inBlocks() ? "heads/in_blocks" : "heads/in_pairs");
            files.add(Setting.positionsOf(ring));
        }

        private String spelling() {
            return "place_heads_" + format.text() + "_" + op.heads() + "_" + op.keyValueHeads() + "_"
                    + op.rotation().map(Rotations::spelling).orElse(op.headSize() + "_unrotated")
                    + (sources.size() == 1 ? "" : "_from_" + COUNTS.get(sources.size() - 1))
                    + (norms.isEmpty() ? "" : ofRows() ? "_normed_rows" : "_normed")
                    + ring.map(rows -> "_ring_" + rows).orElse("");
        }
    }
}
