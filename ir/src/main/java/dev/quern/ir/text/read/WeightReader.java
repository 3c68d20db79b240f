package dev.quern.ir.text.read;

import dev.quern.ir.Layout;
import dev.quern.ir.Placement;
import dev.quern.ir.Rotation;
import dev.quern.ir.Storage;
import dev.quern.ir.Weight;
import dev.quern.ir.text.Nearest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads {@code weight @w : q4_0[8, 32] {from = ["w"], layout = plain, placement = buffer}}. */
final class WeightReader {
    private static final List<String> ATTRIBUTES = List.of(
            "from",
            "base",
            "scale",
            "original_context",
            "beta_fast",
            "beta_slow",
            "magnitude",
            "factors",
            "layout",
            "placement");

    private final Source source;
    private final TypeReader types;
    private final List<Weight.Part> parts = new ArrayList<>();
    private boolean computed;
    private Optional<Float> base = Optional.empty();
    private Optional<Float> scale = Optional.empty();
    private Optional<Integer> originalContext = Optional.empty();
    private Optional<Float> betaFast = Optional.empty();
    private Optional<Float> betaSlow = Optional.empty();
    private Optional<Float> magnitude = Optional.empty();
    private Optional<String> factors = Optional.empty();
    private Optional<Layout> layout = Optional.empty();
    private Optional<Placement> placement = Optional.empty();

    WeightReader(Source source, TypeReader types) {
        this.source = source;
        this.types = types;
    }

    Weight weight(Tree.Declaration.Weight tree) {
        Set<String> seen = new HashSet<>();
        for (Tree.Attribute attribute : tree.attributes()) {
            String name = attribute.name().text();
            if (!seen.add(name)) {
                throw source.error(attribute.at(), "attribute " + name + " of this weight is given twice");
            }
            switch (name) {
                case "from" -> from(attribute.literal());
                case "base" -> base = Optional.of(real(attribute.literal()));
                case "scale" -> scale = Optional.of(real(attribute.literal()));
                case "original_context" -> originalContext = Optional.of(positions(attribute.literal()));
                case "beta_fast" -> betaFast = Optional.of(real(attribute.literal()));
                case "beta_slow" -> betaSlow = Optional.of(real(attribute.literal()));
                case "magnitude" -> magnitude = Optional.of(real(attribute.literal()));
                case "factors" -> factors = Optional.of(weightName(attribute.literal()));
                case "layout" -> layout = Optional.of(layout(attribute.literal()));
                case "placement" -> placement = Optional.of(placement(attribute.literal()));
                default ->
                    throw source.error(
                            attribute.at(),
                            "a weight has no attribute " + name + Nearest.among(name, "it has", ATTRIBUTES));
            }
        }
        if (layout.isPresent() != placement.isPresent()) {
            throw source.error(
                    tree.at(), "a weight has both a layout and a placement, or neither; this one has only one of them");
        }
        Optional<Storage> storage = layout.map(l -> new Storage(l, placement.orElseThrow()));
        return new Weight(tree.name().text(), types.tensor(tree.type()), from(tree), storage);
    }

    private Weight.Source from(Tree.Declaration.Weight tree) {
        if (!computed) {
            if (ofRotations().anyMatch(Optional::isPresent)) {
                throw source.error(
                        tree.at(),
                        "base, scale, original_context, beta_fast, beta_slow, magnitude and factors belong to a weight"
                                + " that is made from = rotations");
            }
            return new Weight.Source.Tensors(parts);
        }
        if (base.isEmpty() || scale.isEmpty()) {
            throw source.error(tree.at(), "a weight that is made from rotations needs their base and scale");
        }
        return new Weight.Source.Rotations(base.get(), scale.get(), yarn(tree), magnitude.orElse(1f), factors);
    }

    private Stream<Optional<?>> ofRotations() {
        return Stream.of(base, scale, originalContext, betaFast, betaSlow, magnitude, factors);
    }

    private Optional<Rotation.Yarn> yarn(Tree.Declaration.Weight tree) {
        if (originalContext.isEmpty() && betaFast.isEmpty() && betaSlow.isEmpty()) {
            return Optional.empty();
        }
        if (originalContext.isEmpty() || betaFast.isEmpty() || betaSlow.isEmpty()) {
            throw source.error(
                    tree.at(), "original_context, beta_fast and beta_slow stand together; one of them is missing here");
        }
        return Optional.of(new Rotation.Yarn(originalContext.get(), betaFast.get(), betaSlow.get()));
    }

    private int positions(Tree.Literal literal) {
        if (literal instanceof Tree.Literal.Whole whole && whole.value() >= 1 && whole.value() <= Integer.MAX_VALUE) {
            return (int) whole.value();
        }
        throw source.error(literal.at(), "expected a number of positions, 4096");
    }

    private float real(Tree.Literal literal) {
        return switch (literal) {
            case Tree.Literal.Real real -> real.value();
            case Tree.Literal.Whole whole -> whole.value();
            default -> throw source.error(literal.at(), "expected a number, 10000.0");
        };
    }

    private String weightName(Tree.Literal literal) {
        if (literal instanceof Tree.Name name && name.kind() == Tree.Kind.GLOBAL) {
            return name.text();
        }
        throw source.error(literal.at(), "expected the name of a weight, @rope_freqs");
    }

    private void from(Tree.Literal literal) {
        if (literal instanceof Tree.Word word && word.text().equals("rotations")) {
            computed = true;
            return;
        }
        if (!(literal instanceof Tree.Literal.Items list)) {
            throw source.error(
                    literal.at(), "expected a list of tensor names, [\"blk.0.attn_q.weight\"], or the word rotations");
        }
        for (Tree.Literal item : list.items()) {
            if (!(item instanceof Tree.Literal.Text text)) {
                throw source.error(item.at(), "expected the name of a tensor, \"blk.0.attn_q.weight\"");
            }
            parts.add(new Weight.Part(text.value(), text.range().map(this::rows)));
        }
    }

    private Weight.RowRange rows(Tree.Range range) {
        if (range.start() < 0 || range.end() <= range.start()) {
            throw source.error(
                    range.at(),
                    "expected some rows of the tensor, [0..1024], the second number behind the last of them; these are"
                            + " none");
        }
        return new Weight.RowRange(range.start(), range.end() - range.start());
    }

    private Layout layout(Tree.Literal literal) {
        List<String> names = new ArrayList<>();
        for (Layout value : Layout.values()) {
            if (literal instanceof Tree.Word word && value.text().equals(word.text())) {
                return value;
            }
            names.add(value.text());
        }
        throw source.error(literal.at(), "expected a layout (" + String.join(", ", names) + ")");
    }

    private Placement placement(Tree.Literal literal) {
        List<String> names = new ArrayList<>();
        for (Placement value : Placement.values()) {
            if (literal instanceof Tree.Word word && value.text().equals(word.text())) {
                return value;
            }
            names.add(value.text());
        }
        throw source.error(literal.at(), "expected a placement (" + String.join(", ", names) + ")");
    }
}
