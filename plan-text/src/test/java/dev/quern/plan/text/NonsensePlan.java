package dev.quern.plan.text;

import dev.quern.plan.BufferSpec;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Kernel;
import dev.quern.plan.MemoryCertificate;
import dev.quern.plan.Placement;
import dev.quern.plan.Plan;
import dev.quern.plan.WeightSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/** Plans that make no sense: any numbers, names that clash, steps over what is not there. */
final class NonsensePlan {
    private final Random random;
    private final List<String> resources = new ArrayList<>(List.of("nothing"));

    private NonsensePlan(Random random) {
        this.random = random;
    }

    /** The plan of a seed. Every kernel has the source {@code // name}. */
    static Plan plan(long seed) {
        return new NonsensePlan(new Random(seed)).plan();
    }

    private Plan plan() {
        DeviceProfile profile = new DeviceProfile(
                text(), pick(DeviceProfile.Shape.values()), pick(Placement.values()), count(), count(), limits());
        List<Plan.Symbol> symbols = some(() -> new Plan.Symbol(text(), number()));
        List<BufferSpec> buffers = some(() -> new BufferSpec(
                resource(),
                pick(BufferSpec.Role.values()),
                number(),
                random.nextBoolean()
                        ? Optional.of(new BufferSpec.Rows(pick(CacheEncoding.values()), number()))
                        : Optional.empty()));
        List<WeightSpec> weights =
                some(() -> new WeightSpec(resource(), pick(Placement.values()), text(), number(), some(this::segment)));
        List<Kernel> kernels = some(this::kernel);
        List<EntryPoint> entryPoints = some(() -> new EntryPoint(text(), some(() -> step(buffers, weights, kernels))));
        return new Plan(
                profile,
                symbols,
                buffers,
                weights,
                kernels,
                entryPoints,
                new MemoryCertificate(
                        number(),
                        number(),
                        some(() ->
                                new MemoryCertificate.Region(text(), text(), number(), number(), count(), count()))));
    }

    private DeviceProfile.Limits limits() {
        return new DeviceProfile.Limits(number(), number(), count(), count(), count(), count());
    }

    private WeightSpec.Segment segment() {
        return new WeightSpec.Segment(random.nextInt(random.nextBoolean() ? 4 : 100_000_000), number(), number());
    }

    private Kernel kernel() {
        String name = "kernel-" + random.nextInt(4) + ".x_y";
        return new Kernel(
                name,
                text(),
                some(() -> pick(Kernel.Access.values())),
                some(() -> pick(Kernel.Feature.values())),
                "// " + name);
    }

    private EntryPoint.Step step(List<BufferSpec> buffers, List<WeightSpec> weights, List<Kernel> kernels) {
        String kernel = kernels.isEmpty() || random.nextInt(4) == 0
                ? text()
                : kernels.get(random.nextInt(kernels.size())).name();
        return new EntryPoint.Step(text(), kernel, some(() -> bound(buffers, weights)), some(this::extent));
    }

    /** Often the whole of something, as real plans bind it. */
    private EntryPoint.Bound bound(List<BufferSpec> buffers, List<WeightSpec> weights) {
        int kind = random.nextInt(4);
        if (kind == 0 && !buffers.isEmpty()) {
            BufferSpec buffer = buffers.get(random.nextInt(buffers.size()));
            return new EntryPoint.Bound(buffer.name(), 0, buffer.bytes());
        }
        if (kind == 1 && !weights.isEmpty()) {
            WeightSpec weight = weights.get(random.nextInt(weights.size()));
            return new EntryPoint.Bound(weight.name(), 0, weight.bytes());
        }
        return new EntryPoint.Bound(resources.get(random.nextInt(resources.size())), number(), number());
    }

    private EntryPoint.Extent extent() {
        return switch (random.nextInt(3)) {
            case 0 -> EntryPoint.Extent.fixed(number());
            case 1 -> new EntryPoint.Extent("", number(), number());
            default -> new EntryPoint.Extent(text(), random.nextBoolean() ? 1 : number(), number());
        };
    }

    private String resource() {
        String name = random.nextInt(4) == 0 ? resources.get(random.nextInt(resources.size())) : text();
        resources.add(name);
        return name;
    }

    private long number() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextInt(3);
            default -> 256L * random.nextInt(1000);
        };
    }

    private int count() {
        return random.nextBoolean() ? random.nextInt(100) : random.nextInt();
    }

    /** A name, one in three of characters that need quotation marks. */
    private String text() {
        return switch (random.nextInt(3)) {
            case 0 ->
                random.ints(random.nextInt(6), 0, 0x180)
                        .collect(StringBuilder::new, (text, c) -> text.append((char) c), StringBuilder::append)
                        .toString();
            case 1 -> pick(new String[] {"step", "prefill", "pick", "func", "module", "tokens", "true", "nan"});
            default -> "name." + random.nextInt(10);
        };
    }

    private <T> List<T> some(Supplier<T> make) {
        List<T> made = new ArrayList<>();
        for (int count = random.nextInt(4); count > 0; count--) {
            made.add(make.get());
        }
        return made;
    }

    private <T> T pick(T[] constants) {
        return constants[random.nextInt(constants.length)];
    }
}
