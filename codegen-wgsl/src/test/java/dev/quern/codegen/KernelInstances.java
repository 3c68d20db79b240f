package dev.quern.codegen;

import dev.quern.codegen.kernel.Finish;
import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.Kernels;
import dev.quern.codegen.repack.Tile;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Encoding;
import dev.quern.ir.Rotation;
import dev.quern.ir.Rotation.Pairing;
import dev.quern.plan.DeviceProfile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The kernel instances whose complete text is kept in golden files: for each profile one of every kernel, and of the
 * matrix kernels one of every encoding, every input, every finish and every number of tokens that makes a difference.
 */
public final class KernelInstances {
    private KernelInstances() {}

    /** The instances by path of their file, {@code kernels/PROFILE/NAME.wgsl}. */
    public static Map<String, KernelDefinition> all() {
        return Collections.unmodifiableMap(instances());
    }

    private static Map<String, KernelDefinition> instances() {
        Map<String, KernelDefinition> instances = new LinkedHashMap<>();
        for (DeviceProfile profile : DeviceProfile.ALL) {
            for (KernelDefinition instance : instances(new Kernels(profile))) {
                instances.put("kernels/" + profile.name() + "/" + instance.name() + ".wgsl", instance);
            }
        }
        return instances;
    }

    private static List<KernelDefinition> instances(Kernels kernels) {
        Rotation adjacent = new Rotation(64, 64, 10_000, 1, Pairing.ADJACENT);
        Rotation halves = new Rotation(64, 32, 10_000, 1, Pairing.HALVES);
        float none = Float.NaN;
        List<KernelDefinition> instances = new ArrayList<>();
        for (Encoding encoding : List.of(Encoding.Scalar.F32, Encoding.Scalar.F16, Encoding.Scalar.BF16)) {
            instances.add(kernels.matrix(new TileGeometry(encoding, 192, 172, 1), none, Finish.STORE, 1));
        }
        for (Encoding encoding : Encoding.Block.values()) {
            int columns = encoding.elements() == Tile.BLOCK ? 576 : 768;
            instances.add(kernels.matrix(new TileGeometry(encoding, 960, columns, 1), none, Finish.STORE, 1));
        }
        TileGeometry gated = new TileGeometry(Encoding.Block.Q4_1, 3072, 576, 2);
        TileGeometry square = new TileGeometry(Encoding.Block.Q4_1, 576, 576, 1);
        instances.add(kernels.matrix(square, none, Finish.ADD, 1));
        instances.add(kernels.matrix(gated, 1e-5f, Finish.SWIGLU, 1));
        instances.add(kernels.matrix(square, none, Finish.ADD, 16));
        instances.add(kernels.matrix(gated, 1e-5f, Finish.SWIGLU, 512));
        instances.add(kernels.matrix(new TileGeometry(Encoding.Block.Q6_K, 768, 2048, 1), none, Finish.ADD, 512));
        instances.add(kernels.embed(new TileGeometry(Encoding.Block.Q8_0, 49152, 576, 1)));
        instances.add(kernels.embed(new TileGeometry(Encoding.Block.Q6_K, 32000, 2048, 1)));
        instances.add(kernels.rope(576, halves));
        for (Encoding kept : List.of(Encoding.Scalar.F16, Encoding.Scalar.F32)) {
            instances.add(kernels.ropeWrite(9, 3, adjacent, kept));
            instances.add(kernels.stateWrite(192, kept));
            instances.add(kernels.attention(9, 3, 64, 0.125f, kept));
        }
        // Groups of one, two and four query heads, which some kernels serve together.
        for (int group : List.of(1, 2, 4)) {
            instances.add(kernels.attention(2 * group, 2, 64, 0.125f, Encoding.Scalar.F16));
        }
        instances.add(kernels.pick(49152, 64));
        instances.add(kernels.rmsNorm(576, 1e-5f));
        instances.add(kernels.columns(960, 576, 192));
        instances.add(kernels.add(576));
        instances.add(kernels.scale(576, 0.5f));
        instances.add(kernels.swiGlu(1536));
        return instances;
    }
}
