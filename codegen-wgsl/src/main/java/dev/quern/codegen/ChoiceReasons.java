package dev.quern.codegen;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.Kernels;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Encoding;
import dev.quern.ir.TensorOp;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Kernel;
import java.util.ArrayList;
import java.util.List;

/** Why {@link SelectKernels} chose what it chose, in full sentences that are put down as it chooses. */
final class ChoiceReasons {
    private final DeviceProfile profile;

    ChoiceReasons(DeviceProfile profile) {
        this.profile = profile;
    }

    /** Of the kernel of a product. */
    List<String> linear(
            TensorOp.Linear op, KernelDefinition kernel, TileGeometry geometry, long tokens, int atOnce, long groups) {
        List<String> reasons = new ArrayList<>();
        reasons.add(shape(tokens, atOnce));
        reasons.add(workgroups(op, kernel, groups));
        op.norm()
                .ifPresent(norm -> reasons.add("Normalises its input on the way: the gain " + norm.gain()
                        + " is applied as elements are read, the mean square gathered beside the product."));
        op.residual()
                .ifPresent(residual -> reasons.add("Adds to " + residual + " in place, so the sum takes no memory."));
        reasons.add(input(kernel, geometry, tokens));
        reasons.add(decoding(kernel, geometry));
        if (kernel.features().contains(Kernel.Feature.SUBGROUPS)) {
            reasons.add("Lanes share what they read by subgroups of " + profile.subgroupSize() + ".");
        }
        return reasons;
    }

    private String workgroups(TensorOp.Linear op, KernelDefinition kernel, long groups) {
        return switch (profile.shape()) {
            case LANE_PER_ROW, WORKGROUP ->
                op.gated()
                        ? groups
                                + " workgroups: two tiles of eight rows of the gate each, and the same rows of the other"
                                + " half, which meet where they are finished."
                        : groups + " workgroups: four tiles of eight rows each.";
            case FOUR_LANES ->
                groups + " workgroups: " + kernel.whole("GROUP_TILES") + " tiles of eight rows each"
                        + (op.gated() ? ", half of them of the gate, and the same rows of the other half." : ".");
        };
    }

    /** What becomes of the quants. */
    private static String decoding(KernelDefinition kernel, TileGeometry geometry) {
        String encoding = geometry.encoding().text();
        if (kernel.files().contains("four/" + encoding)) {
            return "Multiplies the quants of " + encoding
                    + " where they lie in their words, masked and never shifted; four/" + encoding
                    + ".wgsl is linked in.";
        }
        return "Decodes " + encoding + " as it reads; "
                + (kernel.files().contains("codec/" + encoding) ? "codec/" + encoding + ".wgsl" : "its codec")
                + " is linked in."
                + (kernel.files().contains("four/decoded")
                        ? " No kernel of four lanes multiplies its quants as they are."
                        : "");
    }

    private String shape(long tokens, int atOnce) {
        return switch (profile.shape()) {
            case LANE_PER_ROW ->
                tokens > 1
                        ? "The profile " + profile.name() + " gives each lane whole rows; up to " + tokens
                                + " tokens come at once, so it is the kernel for many, " + atOnce
                                + " tokens a workgroup: a weight is decoded once for all of them."
                        : "The profile " + profile.name() + " gives each lane whole rows; there is one token, so it is"
                                + " the kernel for one.";
            case FOUR_LANES ->
                "The profile " + profile.name()
                        + " makes a workgroup of four lanes, which own two rows of each of its tiles; "
                        + (tokens > 1
                                ? "up to " + tokens + " tokens come at once, " + atOnce
                                        + " a workgroup: a weight is read once for all of them."
                                : "there is one token, so it is the kernel for one.");
            case WORKGROUP ->
                "The profile " + profile.name() + " lets the " + profile.lanes()
                        + " lanes of a workgroup share the columns of its rows; one kernel serves one token and many, a"
                        + " token a workgroup.";
        };
    }

    /** Read off the binding that was chosen. */
    private String input(KernelDefinition kernel, TileGeometry geometry, long tokens) {
        long bytes = tokens * geometry.columns() * Float.BYTES;
        boolean uniform = kernel.slots().stream()
                .anyMatch(slot -> slot.name().equals("x") && slot.access() == Kernel.Access.UNIFORM);
        if (uniform) {
            return "The input is bound as a uniform: its " + bytes + " bytes fit (at most " + Kernels.MAX_UNIFORM_BYTES
                    + "), and CPU drivers gather from a uniform without a branch for each lane.";
        }
        return switch (profile.shape()) {
            case LANE_PER_ROW ->
                "The input is bound as storage: its " + bytes + " bytes are more than the " + Kernels.MAX_UNIFORM_BYTES
                        + " of a uniform.";
            case FOUR_LANES ->
                "The input is bound as storage: a uniform is read no faster; the input is handed round"
                        + " among the lanes.";
            case WORKGROUP -> "The input is bound as storage: for a GPU a uniform is no faster, and smaller.";
        };
    }

    /** Of the kernel of an attention. */
    List<String> attention(TensorOp.Attention op, long groups) {
        return switch (profile.shape()) {
            case LANE_PER_ROW ->
                List.of(
                        "A workgroup serves one of " + groups + " heads of keys and values with its "
                                + op.heads() / op.keyValueHeads()
                                + " query heads, so that keys are read once for all of them.",
                        "Lanes share what they read by subgroups of " + profile.subgroupSize() + ".");
            case FOUR_LANES ->
                List.of("A workgroup of four lanes, one of " + groups
                        + ", serves up to four query heads that share their keys, sixteen positions at a time.");
            case WORKGROUP ->
                List.of("A workgroup serves one of " + groups + " query heads, " + profile.lanes()
                        + " positions at a time; keys are read by each query head that shares them.");
        };
    }

    /** Of the kernel of a fused rotation. */
    List<String> ropeWrite(String table, Encoding kept) {
        return List.of(
                "One workgroup a token rotates queries and keys and writes keys and values as pairs of " + kept.text()
                        + ".",
                "Cosines and sines come from @" + table + ", computed when the model is compiled.");
    }

    /** Of a kernel that does one operation as it stands. */
    List<String> plain() {
        return List.of("One workgroup of " + profile.lanes()
                + " lanes a row; no pass fused this operation into another, and one kernel fits it.");
    }

    /** Of the kernel that looks rows up. */
    List<String> embed(TileGeometry geometry) {
        return List.of("One workgroup a token decodes its row of "
                + geometry.encoding().text() + ".");
    }

    /** Of the kernel that chooses a token. */
    List<String> pick() {
        return List.of("One workgroup finds the largest logit, so that the token never leaves the device.");
    }

    /** Of how a matrix is kept. */
    String tiles(TileGeometry geometry) {
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
                + (geometry.parts() == 2 ? "; gate and up are tiled apart." : ".");
    }

    /** Of how a vector is kept. */
    String vector(long bytes) {
        return "As it is, f32, bound as a uniform: " + bytes + " bytes, at most " + Kernels.MAX_UNIFORM_BYTES + ".";
    }

    /** Of how a table is kept. */
    String table(long positions) {
        return "Computed when the model is compiled: cosine and sine of each pair for " + positions + " positions.";
    }
}
