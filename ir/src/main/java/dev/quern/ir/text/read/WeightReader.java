package dev.quern.ir.text.read;

import dev.quern.ir.Layout;
import dev.quern.ir.Placement;
import dev.quern.ir.Storage;
import dev.quern.ir.Weight;
import dev.quern.ir.text.read.grammar.QuernIrParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code weight @w : q4_0[8, 32] {from = ["w"], layout = plain, placement = buffer}}. */
final class WeightReader {
    private final Source source;
    private final TypeReader types;
    private final List<String> sources = new ArrayList<>();
    private Optional<Layout> layout = Optional.empty();
    private Optional<Placement> placement = Optional.empty();

    WeightReader(Source source, TypeReader types) {
        this.source = source;
        this.types = types;
    }

    Weight weight(QuernIrParser.WeightDeclarationContext tree) {
        if (tree.attributes() != null) {
            Map<String, Boolean> seen = new HashMap<>();
            for (QuernIrParser.AttributeContext attribute : tree.attributes().attribute()) {
                if (seen.put(attribute.word().getText(), true) != null) {
                    throw source.error(
                            attribute, "attribute " + attribute.word().getText() + " of this weight stands twice");
                }
                attribute(attribute);
            }
        }
        if (layout.isPresent() != placement.isPresent()) {
            throw source.error(tree, "layout and placement of a weight go together; this one has one of them");
        }
        Optional<Storage> storage = layout.map(l -> new Storage(l, placement.orElseThrow()));
        return new Weight(Spelling.name(tree.GLOBAL()), types.tensor(tree.tensor()), sources, storage);
    }

    private void attribute(QuernIrParser.AttributeContext tree) {
        switch (tree.word().getText()) {
            case "from" -> from(tree.literal());
            case "layout" -> layout = Optional.of(layout(tree));
            case "placement" -> placement = Optional.of(placement(tree));
            default ->
                throw source.error(
                        tree,
                        "a weight has no attribute " + tree.word().getText() + "; it has from, layout and placement");
        }
    }

    private void from(QuernIrParser.LiteralContext tree) {
        if (tree instanceof QuernIrParser.ListContext list) {
            for (QuernIrParser.AtomContext item : list.atom()) {
                if (item instanceof QuernIrParser.TextContext text) {
                    sources.add(Spelling.unquote(text.STRING().getText()));
                } else {
                    throw source.error(item, "expected the name of a tensor, \"blk.0.attn_q.weight\"");
                }
            }
        } else {
            throw source.error(tree, "expected a list of tensor names, [\"blk.0.attn_q.weight\"]");
        }
    }

    private Layout layout(QuernIrParser.AttributeContext tree) {
        List<String> names = new ArrayList<>();
        for (Layout value : Layout.values()) {
            if (value.text().equals(tree.literal().getText())) {
                return value;
            }
            names.add(value.text());
        }
        throw source.error(tree.literal(), "expected a layout (" + String.join(", ", names) + ")");
    }

    private Placement placement(QuernIrParser.AttributeContext tree) {
        List<String> names = new ArrayList<>();
        for (Placement value : Placement.values()) {
            if (value.text().equals(tree.literal().getText())) {
                return value;
            }
            names.add(value.text());
        }
        throw source.error(tree.literal(), "expected a placement (" + String.join(", ", names) + ")");
    }
}
