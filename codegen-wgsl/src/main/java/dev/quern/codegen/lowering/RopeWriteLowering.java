package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.kernel.KernelNames;
import dev.quern.ir.Binding;
import dev.quern.ir.Encoding;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.Rotation;
import dev.quern.ir.TensorOp;
import java.util.List;

/** Rotations of queries and keys, with the writes of keys and values. Bindings: x, position, table, keys, values, y. */
final class RopeWriteLowering implements Lowering<TensorOp.RopeWrite> {
    @Override
    public List<Variant> variants(TensorOp.RopeWrite op, Setting setting) {
        Rotation rotation = op.rotation();
        if (rotation.headSize() % 2 != 0) {
            throw new SelectionException("No kernel rotates and writes heads of " + rotation.headSize()
                    + " elements: two are written at a time.");
        }
        Encoding kept = Setting.kept(op.keys(), op.values());
        Kept table = setting.weights().rotations(rotation, op.factors(), setting.positions());
        int lanes = setting.profile().lanes();
        return List.of(new Variant(
                KernelInstance.of("rope_write").with("lanes", lanes),
                definition(op, StateFormat.of(kept), lanes),
                List.of(
                        Setting.reads(op.qkv()),
                        Setting.reads(op.position()),
                        Setting.reads(table.weight().value()),
                        new Binding.InPlace(op.keys(), 1),
                        new Binding.InPlace(op.values(), 2),
                        new Binding.Writes(0)),
                Setting.rowGrid(op.qkv()),
                List.of(table),
                List.of(
                        "One workgroup a token rotates queries and keys and writes keys and values as pairs of "
                                + kept.text() + ".",
                        "Cosines and sines come from " + table.weight().value()
                                + ", computed when the model is compiled.")));
    }

    private static KernelDefinition definition(TensorOp.RopeWrite op, StateFormat format, int lanes) {
        Rotation rotation = op.rotation();
        return KernelNames.named(
                "rope_write_" + format.text() + "_" + op.heads() + "_" + op.keyValueHeads() + "_"
                        + Rotations.spelling(rotation),
                List.of(
                        new Constant.Whole("LANES", lanes),
                        new Constant.Whole("HEADS", op.heads()),
                        new Constant.Whole("KEY_VALUE_HEADS", op.keyValueHeads()),
                        new Constant.Whole("HEAD_SIZE", rotation.headSize()),
                        new Constant.Whole("ROTARY", rotation.rotary())),
                List.of(
                        Slot.readWrite("x", "f32"),
                        Slot.read("position", "u32"),
                        Slot.read("table", "vec2f"),
                        Slot.readWrite("keys", format.pair()),
                        Slot.readWrite("values", format.pair()),
                        Slot.readWrite("y", "f32")),
                List.of(Rotations.pairing(rotation), "rotate", format.writes(), "rope_write"),
                List.of());
    }
}
