package dev.quern.codegen;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.repack.Tile;
import dev.quern.ir.Dim;
import dev.quern.ir.Encoding;
import dev.quern.ir.FunctionBuilder;
import dev.quern.ir.Module;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Rotation;
import dev.quern.ir.Rotation.Pairing;
import dev.quern.ir.Slice;
import dev.quern.ir.Stage;
import dev.quern.ir.StateType;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.PlaceHeads;
import dev.quern.ir.TensorOp.PlaceHeads.Part;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.plan.DeviceProfile;
import dev.quern.reference.SideBySide;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The kernel instances whose complete text is kept in golden files: for each profile one of every kernel, and of the
 * matrix kernels one of every encoding, every input, every finish and every number of tokens that makes a difference.
 */
public final class KernelInstances {
    private static final long CONTEXT = 64;

    private final DeviceProfile profile;
    private final List<KernelDefinition> instances = new ArrayList<>();

    private KernelInstances(DeviceProfile profile) {
        this.profile = profile;
    }

    /** The instances by path of their file, {@code kernels/PROFILE/NAME.wgsl}, where the name has no digest. */
    public static Map<String, KernelDefinition> all() {
        Map<String, KernelDefinition> all = new LinkedHashMap<>();
        for (DeviceProfile profile : DeviceProfile.ALL) {
            for (KernelDefinition instance : new KernelInstances(profile).instances()) {
                String spelling = instance.name().substring(0, instance.name().lastIndexOf('_'));
                KernelDefinition other = all.put("kernels/" + profile.name() + "/" + spelling + ".wgsl", instance);
                if (other != null && !other.equals(instance)) {
                    throw new IllegalStateException("two kernels are spelled " + spelling);
                }
            }
        }
        return Collections.unmodifiableMap(all);
    }

    private List<KernelDefinition> instances() {
        Rotation adjacent = new Rotation(64, 64, 10_000, 1, Pairing.ADJACENT);
        Rotation halves = new Rotation(64, 32, 10_000, 1, Pairing.HALVES);
        for (Encoding encoding : List.of(Encoding.Scalar.F32, Encoding.Scalar.F16, Encoding.Scalar.BF16)) {
            product(encoding, 192, 172, 1, false, Finishes.STORE);
        }
        for (Encoding encoding : Encoding.Block.values()) {
            product(encoding, 960, encoding.elements() == Tile.BLOCK ? 576 : 768, 1, false, Finishes.STORE);
        }
        for (int tokens : List.of(1, 16)) {
            product(Encoding.Block.Q4_1, 576, 576, tokens, false, Finishes.ADD);
        }
        for (int tokens : List.of(1, 512)) {
            product(Encoding.Block.Q4_1, 3072, 576, tokens, true, Finishes.SWIGLU);
        }
        product(Encoding.Block.Q6_K, 768, 2048, 512, false, Finishes.ADD);
        product(Encoding.Block.Q8_0, 960, 576, 1, true, Finishes.BIAS);
        product(Encoding.Block.Q8_0, 49152, 576, 1, true, Finishes.SOFT_CAP);
        product(Encoding.Block.Q4_K, 576, 768, 1, false, Finishes.SCALED);
        product(Encoding.Block.Q4_K, 3072, 768, 512, true, Finishes.GEGLU);
        products(1, true, List.of(Encoding.Block.Q4_K, Encoding.Block.Q6_K), Finishes.STORE);
        products(512, true, List.of(Encoding.Block.Q4_K, Encoding.Block.Q6_K), Finishes.STORE);
        products(1, false, List.of(Encoding.Block.Q8_0, Encoding.Block.Q4_1, Encoding.Block.Q5_K), Finishes.BIAS);
        embed(Encoding.Block.Q8_0, 49152, 576);
        embed(Encoding.Block.Q6_K, 32000, 2048);
        sums();
        slices();
        Value position = Value.local("position", TensorType.of(Encoding.Scalar.U32, 1));
        add(new TensorOp.Rope(row("x", 576), position, Optional.empty(), halves));
        add(new TensorOp.Rope(row("x", 576), position, Optional.empty(), adjacent));
        for (Encoding kept : List.of(Encoding.Scalar.F16, Encoding.Scalar.F32, Encoding.Block.Q8_0)) {
            Value keys = state("keys", kept, 192);
            Value values = state("values", kept, 192);
            add(SideBySide.heads(row("qkv", 960), position, Optional.empty(), keys, values, 9, 3, adjacent));
            add(new TensorOp.StateWrite(keys, row("x", 192), position));
            add(new TensorOp.Attention(row("query", 576), keys, values, position, 9, 3, 0.125f));
        }
        // Heads of three blocks, whose scales share words.
        add(SideBySide.heads(
                row("qkv", 576),
                position,
                Optional.empty(),
                state("keys", Encoding.Block.Q8_0, 192),
                state("values", Encoding.Block.Q8_0, 192),
                2,
                2,
                new Rotation(96, 96, 10_000, 1, Pairing.HALVES)));
        // Groups of one, two and four query heads, which some kernels serve together.
        for (int group : List.of(1, 2, 4)) {
            Value keys = state("keys", Encoding.Scalar.F16, 128);
            Value values = state("values", Encoding.Scalar.F16, 128);
            add(new TensorOp.Attention(row("query", 128L * group), keys, values, position, 2 * group, 2, 0.125f));
        }
        placed(position);
        Value positions = state("positions", Encoding.Scalar.F16, 64);
        add(new TensorOp.Attention(
                row("query", 192), positions, positions, position, 3, 1, 0.125f, Optional.of(512), Optional.of(50f)));
        rings(position);
        add(new TensorOp.ArgMax(row("logits", 49152)));
        add(new TensorOp.RmsNorm(row("x", 576), vector(576), 1e-5f));
        add(new TensorOp.RmsNorm(row("x", 2304), vector(576), 1e-5f));
        Pointwise residual = Pointwise.add(Pointwise.of(row("residual", 640)), Linear.PLAIN);
        add(new TensorOp.RmsNorm(row("x", 640), vector(640), 1e-6f, residual));
        add(new TensorOp.Columns(row("x", 960), 576, 192));
        add(TensorOp.Map.sum(row("left", 576), row("right", 576)));
        add(TensorOp.Map.scaled(0.5f, row("x", 576)));
        add(TensorOp.Map.gated(Pointwise.Function.SILU, row("gate", 1536), row("up", 1536)));
        return instances;
    }

    /** States that hold the last positions only. */
    private void rings(Value position) {
        Value keys = Value.local("keys", new StateType(TensorType.of(Encoding.Scalar.F16, 24, 192)));
        Value values = Value.local("values", new StateType(TensorType.of(Encoding.Scalar.F16, 24, 192)));
        Rotation halves = new Rotation(64, 64, 10_000, 1, Pairing.HALVES);
        add(SideBySide.heads(row("qkv", 960), position, Optional.empty(), keys, values, 9, 3, halves));
        add(new TensorOp.StateWrite(keys, row("x", 192), position));
        add(new TensorOp.Attention(
                row("query", 576),
                keys,
                values,
                position,
                9,
                3,
                0.125f,
                Optional.of(16),
                Optional.empty(),
                Optional.of(new TensorOp.Attention.Sharpening(8192, 0.1f))));
    }

    /** Heads of one, two and three values, with none to three norms, with either rotation and without. */
    private void placed(Value position) {
        Value keys = state("keys", Encoding.Scalar.F16, 128);
        Value values = state("values", Encoding.Scalar.F16, 128);
        Optional<Linear.Norm> norm = Optional.of(new Linear.Norm(vector(64), 1e-6f));
        Optional<Rotation> halves = Optional.of(new Rotation(64, 32, 10_000, 1, Pairing.HALVES));
        Value queryKey = row("query_key", 384);
        Value value = row("value", 128);
        add(new PlaceHeads(
                new Part(queryKey, 0, norm),
                new Part(queryKey, 256, norm),
                new Part(value, 0),
                position,
                keys,
                values,
                Optional.empty(),
                4,
                2,
                halves));
        add(new PlaceHeads(
                new Part(row("query", 256), 0, norm),
                new Part(row("key", 128), 0, norm),
                new Part(value, 0, norm),
                position,
                keys,
                values,
                Optional.empty(),
                4,
                2,
                Optional.empty()));
        add(new PlaceHeads(
                new Part(queryKey, 0, Optional.of(new Linear.Norm(vector(256), 1e-6f))),
                new Part(
                        queryKey,
                        256,
                        Optional.of(new Linear.Norm(
                                Value.weight("key_gain", TensorType.of(Encoding.Scalar.F32, 128)), 1e-6f))),
                new Part(value, 0),
                position,
                keys,
                values,
                Optional.empty(),
                4,
                2,
                halves));
        add(new PlaceHeads(
                new Part(queryKey, 128, norm),
                new Part(queryKey, 0),
                new Part(queryKey, 0),
                position,
                keys,
                values,
                Optional.empty(),
                4,
                2,
                Optional.empty()));
    }

    private void product(Encoding encoding, long rows, long columns, int tokens, boolean normed, Finishes finish) {
        Dim count = tokens == 1 ? new Dim.Fixed(1) : new Dim.Symbol("tokens", tokens);
        Value residual = Value.local("residual", TensorType.f32(count, rows / finish.parts()));
        Value bias = Value.weight("bias", TensorType.of(Encoding.Scalar.F32, rows / finish.parts()));
        add(new Linear(
                Value.local("x", TensorType.f32(count, columns)),
                normed ? Optional.of(new Linear.Norm(vector(columns), 1e-5f)) : Optional.empty(),
                Value.weight("weight", TensorType.of(encoding, rows, columns)),
                finish.parts(),
                finish.of(residual, bias)));
    }

    /** Rows of larger weights: the first, and the last, whose result takes the place of what has the others. */
    private void slices() {
        Value x = row("x", 576);
        Optional<Value> others = Optional.of(row("others", 4096));
        Value bias = Value.weight("bias", TensorType.of(Encoding.Scalar.F32, 4096));
        add(new Linear(
                x,
                Optional.of(new Linear.Norm(vector(576), 1e-5f)),
                Value.weight("weight", TensorType.of(Encoding.Block.Q8_0, 3072, 576)),
                1,
                Finishes.BIAS.of(x, bias),
                Optional.of(new Slice(0, 4096, Optional.empty()))));
        add(new Linear(
                        x,
                        Optional.empty(),
                        Value.weight("weight", TensorType.of(Encoding.Block.Q4_K, 2048, 768)),
                        2,
                        Finishes.SWIGLU.of(x, bias),
                        Optional.of(new Slice(3072, 4096, others)))
                .map(value -> value.equals(x) ? row("x", 768) : value));
        Value tokens = Value.local("tokens", TensorType.of(Encoding.Scalar.U32, 1));
        add(new TensorOp.Embed(
                tokens,
                Value.weight("weight", TensorType.of(Encoding.Block.Q8_0, 1000, 4096)),
                Optional.of(new Slice(3096, 4096, others))));
    }

    /** Products of a sum that is computed on the way. */
    private void sums() {
        Value post = Value.weight("post", TensorType.of(Encoding.Scalar.F32, 768));
        Optional<TensorOp.Products.Sum> sum =
                Optional.of(new TensorOp.Products.Sum(row("residual", 768), new Linear.Norm(post, 1e-6f)));
        TensorOp.Products.Product gated = new TensorOp.Products.Product(
                Value.weight("gate_up", TensorType.of(Encoding.Block.Q8_0, 3072, 768)),
                2,
                Finishes.GEGLU.of(row("x", 768), vector(768)));
        List<TensorOp.Products.Product> apart = List.of(
                new TensorOp.Products.Product(
                        Value.weight("qk", TensorType.of(Encoding.Block.Q4_K, 960, 768)), 1, Linear.PLAIN),
                new TensorOp.Products.Product(
                        Value.weight("v", TensorType.of(Encoding.Block.Q6_K, 192, 768)), 1, Linear.PLAIN));
        add(new TensorOp.Products(
                row("x", 768), sum, Optional.of(new Linear.Norm(vector(768), 1e-5f)), List.of(gated)));
        add(new TensorOp.Products(row("x", 768), sum, Optional.empty(), apart));
    }

    /** Products of one input, the first with most rows. */
    private void products(int tokens, boolean normed, List<Encoding> encodings, Finishes finish) {
        Dim count = tokens == 1 ? new Dim.Fixed(1) : new Dim.Symbol("tokens", tokens);
        Value x = Value.local("x", TensorType.f32(count, 768));
        List<TensorOp.Products.Product> products = new ArrayList<>();
        for (int number = 0; number < encodings.size(); number++) {
            long rows = number == 0 ? 960 : 192;
            products.add(new TensorOp.Products.Product(
                    Value.weight("weight" + number, TensorType.of(encodings.get(number), rows, 768)),
                    finish.parts(),
                    finish.of(x, Value.weight("bias" + number, TensorType.of(Encoding.Scalar.F32, rows)))));
        }
        add(new TensorOp.Products(
                x, normed ? Optional.of(new Linear.Norm(vector(768), 1e-5f)) : Optional.empty(), products));
    }

    private void embed(Encoding encoding, long rows, long columns) {
        Value tokens = Value.local("tokens", TensorType.of(Encoding.Scalar.U32, 1));
        add(new TensorOp.Embed(tokens, Value.weight("weight", TensorType.of(encoding, rows, columns))));
    }

    /** The kernel that is chosen for a program of one operation. */
    private void add(TensorOp op) {
        List<Weight> weights = new ArrayList<>();
        FunctionBuilder function = new FunctionBuilder("main");
        for (Value operand : op.operands()) {
            if (operand.kind() == Value.Kind.WEIGHT) {
                weights.add(new Weight(operand.name(), operand.tensor(), List.of(operand.name())));
            } else {
                function.parameter(operand.name(), operand.type());
            }
        }
        function.parameter("state", state("state", Encoding.Scalar.F16, 8).type());
        List<String> names = new ArrayList<>();
        op.infer().forEach(_ -> names.add("y" + names.size()));
        List<Value> results = function.addAll(names, op);
        Module module = new Module("one", Stage.TENSOR, List.of(), weights, List.of(function.build(results)));
        instances.addAll(SelectKernels.select(module, profile).kernels());
    }

    private static Value row(String name, long columns) {
        return Value.local(name, TensorType.of(Encoding.Scalar.F32, 1, columns));
    }

    private static Value vector(long elements) {
        return Value.weight("gain", TensorType.of(Encoding.Scalar.F32, elements));
    }

    private static Value state(String name, Encoding kept, long columns) {
        return Value.local(name, new StateType(TensorType.of(kept, CONTEXT, columns)));
    }
}
