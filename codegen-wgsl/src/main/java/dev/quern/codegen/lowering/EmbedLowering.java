package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.kernel.KernelNames;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Binding;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.TensorOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows of a table. Bindings: weights, tokens, y. */
final class EmbedLowering implements Lowering<TensorOp.Embed> {
    @Override
    public List<Variant> variants(TensorOp.Embed op, Setting setting) {
        Kept table = setting.weights().tiles(op.table(), 1);
        TileGeometry geometry = table.geometry().orElseThrow();
        int lanes = setting.profile().lanes();
        List<Constant> constants = new ArrayList<>(Constant.of(geometry));
        constants.add(new Constant.Whole("LANES", lanes));
        List<String> files = Matrices.codec(geometry, setting.profile().placement());
        op.slice().ifPresent(slice -> constants.addAll(Slices.constants("WHOLE", slice)));
        files.add("embed" + Slices.suffix(op.slice()));
        KernelDefinition definition = KernelNames.named(
                "embed_" + Matrices.spelling(geometry) + Slices.suffix(op.slice()),
                constants,
                List.of(
                        Matrices.slot(setting.profile().placement()),
                        Slot.read("tokens", "u32"),
                        Slot.readWrite("y", "vec4f")),
                files,
                List.of());
        return List.of(new Variant(
                KernelInstance.of("embed").with("lanes", lanes),
                definition,
                List.of(Setting.reads(op.table()), Setting.reads(op.tokens()), result(op, setting)),
                Setting.rowGrid(op.tokens()),
                List.of(table),
                why(op, geometry)));
    }

    private static Binding result(TensorOp.Embed op, Setting setting) {
        return op.slice()
                .flatMap(slice -> Slices.inPlace(slice, Optional.empty(), setting))
                .<Binding>map(others -> new Binding.InPlace(others, 0))
                .orElse(new Binding.Writes(0));
    }

    private static List<String> why(TensorOp.Embed op, TileGeometry geometry) {
        List<String> why = new ArrayList<>(List.of("One workgroup a token decodes its row of "
                + geometry.encoding().text() + "."));
        op.slice().ifPresent(slice -> why.add(Slices.why(slice, op.table(), geometry.rows(), "rows")));
        return why;
    }
}
