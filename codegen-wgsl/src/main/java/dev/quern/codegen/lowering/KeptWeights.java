package dev.quern.codegen.lowering;

import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Encoding;
import dev.quern.ir.Layout;
import dev.quern.ir.Module;
import dev.quern.ir.Placement;
import dev.quern.ir.Rotation;
import dev.quern.ir.Storage;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.plan.DeviceProfile;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How the weights of a module are kept, weight by weight as kernels are chosen that bind them. */
public final class KeptWeights {
    /** What every WebGPU implementation lets one uniform binding have. */
    static final long MAX_UNIFORM_BYTES = 65536;

    private final Module module;
    private final DeviceProfile profile;
    private final Map<String, Kept> kept = new LinkedHashMap<>();

    KeptWeights(Module module, DeviceProfile profile) {
        this.module = module;
        this.profile = profile;
    }

    /** What was chosen so far, in the order in which it was. */
    public Collection<Kept> all() {
        return Collections.unmodifiableCollection(kept.values());
    }

    /**
     * Keeps weights so, from now on.
     *
     * @throws SelectionException if one is kept in another way already
     */
    public void keep(List<Kept> wanted) {
        for (Kept each : wanted) {
            Kept known = kept.putIfAbsent(each.weight().name(), each);
            if (known != null && !known.geometry().equals(each.geometry())) {
                throw new SelectionException(
                        each.weight().value() + " is used both in parts and as one matrix, which no layout serves.");
            }
        }
    }

    /**
     * A matrix in tiles.
     *
     * @param parts of its rows that are tiled apart, 1 if it is one matrix
     */
    Kept tiles(Value value, int parts) {
        TensorType type = value.tensor();
        if (type.encoding() == Encoding.Scalar.U32) {
            throw new SelectionException(
                    "The elements of " + value + " are integers (u32); kernels multiply and look up floats.");
        }
        if (type.columns() % 4 != 0) {
            throw new SelectionException("The rows of " + value + " have " + type.columns()
                    + " columns; kernels read four at a time, so their number must be a multiple of 4.");
        }
        if (type.columns() % type.encoding().elements() != 0) {
            throw new SelectionException(
                    "The rows of " + value + " have " + type.columns() + " columns, which do not fill "
                            + "whole blocks of " + type.encoding().text() + " ("
                            + type.encoding().elements()
                            + " elements each).");
        }
        TileGeometry geometry = new TileGeometry(type.encoding(), type.rows().max(), type.columns(), parts);
        checkSize(value, geometry);
        Storage storage = new Storage(Layout.ROW_TILES_8, Placements.inModule(profile.placement()));
        return new Kept(declared(value).with(storage), Optional.of(geometry), why(geometry));
    }

    private void checkSize(Value value, TileGeometry geometry) {
        long limit = BindingLimit.ofMatrix(profile);
        if (geometry.bytes() > limit) {
            throw new SelectionException(
                    "The weight " + value + " takes " + geometry.bytes()
                            + " bytes on the device; the profile " + profile.name() + " can bind " + limit
                            + " at a time. Use a profile for devices with larger bindings, or a smaller encoding of this tensor.");
        }
    }

    private String why(TileGeometry geometry) {
        String place = switch (profile.placement()) {
            case TEXTURE -> "as a texture, since the profile " + profile.name() + " reads matrices as texels";
            case SAMPLED_TEXTURE ->
                "as a sampled texture, since the profile " + profile.name()
                        + " reads a texel of one faster than four words";
            case BUFFER -> "in a buffer, since the profile " + profile.name() + " promises no more";
        };
        return "Eight rows side by side, so that eight lanes read neighbours; " + place + ". "
                + geometry.tiles() + " tiles of " + geometry.tileBytes() + " bytes: chunks of " + geometry.chunk()
                + " blocks with " + geometry.header() + " header and " + geometry.quants()
                + " quant texels each, of 16 bytes"
                + (geometry.parts() > 1 ? "; its parts are tiled apart." : ".");
    }

    /** A vector as f32, bound as a uniform. */
    Kept vector(Value value) {
        long elements = value.tensor().maxElements();
        long bytes = elements * Float.BYTES;
        if (bytes > MAX_UNIFORM_BYTES || elements % 4 != 0) {
            throw new SelectionException("The vector " + value + " has " + elements + " elements; kernels take up to "
                    + MAX_UNIFORM_BYTES / Float.BYTES + ", a multiple of 4.");
        }
        return new Kept(
                declared(value).with(new Storage(Layout.PLAIN, Placement.BUFFER)),
                Optional.empty(),
                "As it is, f32, bound as a uniform: " + bytes + " bytes, at most " + MAX_UNIFORM_BYTES + ".");
    }

    /** A vector of which an expression reads an element for each column: as f32, whatever its length. */
    Kept perColumn(Value value) {
        long bytes = value.tensor().maxElements() * Float.BYTES;
        return new Kept(
                declared(value).with(new Storage(Layout.PLAIN, Placement.BUFFER)),
                Optional.empty(),
                "As it is, f32, bound as "
                        + (fitsUniform(value)
                                ? "a uniform: " + bytes + " bytes, at most " + MAX_UNIFORM_BYTES + "."
                                : "storage: " + bytes + " bytes are more than a uniform holds, or no multiple of 16."));
    }

    /** Whether a vector can be bound as a uniform, whose elements are read four by four. */
    static boolean fitsUniform(Value value) {
        long elements = value.tensor().maxElements();
        return elements * Float.BYTES <= MAX_UNIFORM_BYTES && elements % 4 == 0;
    }

    /** The table of cosines and sines of a rotation: the module's own if it has one, and one for all layers. */
    Kept rotations(Rotation rotation, Optional<Value> factors, long positions) {
        Weight.Source source = Weight.Source.Rotations.of(rotation, factors.map(Value::name));
        TensorType type = TensorType.of(Encoding.Scalar.F32, positions, rotation.rotary());
        BindingLimit.ofPositions("The table of cosines and sines", positions, type.maxBytes(), profile);
        Weight table = Stream.concat(
                        module.weights().stream(), kept.values().stream().map(Kept::weight))
                .filter(weight ->
                        weight.source().equals(source) && weight.type().equals(type))
                .findFirst()
                .orElseGet(() -> new Weight(fresh("rope_table"), type, source, Optional.empty()));
        return new Kept(
                table.with(new Storage(Layout.PLAIN, Placement.BUFFER)),
                Optional.empty(),
                "Computed when the model is compiled: cosine and sine of each pair for " + positions + " positions.");
    }

    /** A name that no weight has: the hint, or the hint with a number. */
    private String fresh(String hint) {
        String name = hint;
        for (int count = 1; kept.containsKey(name) || module.weight(name).isPresent(); count++) {
            name = hint + "." + count;
        }
        return name;
    }

    private Weight declared(Value value) {
        return module.weight(value.name())
                .filter(_ -> value.kind() == Value.Kind.WEIGHT)
                .orElseThrow(() -> new SelectionException(value + " is not a weight of the module, and the kernels for "
                        + "products of two activations do not exist."));
    }
}
