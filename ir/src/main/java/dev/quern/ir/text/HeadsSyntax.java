package dev.quern.ir.text;

import dev.quern.ir.Rotation;
import dev.quern.ir.TensorOp.Attention;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.PlaceHeads;
import dev.quern.ir.Value;
import java.util.List;
import java.util.Optional;

/** Operations on heads, taken apart and put together for {@link Syntax}. */
final class HeadsSyntax {
    private static final String YARN = "original_context";
    private static final String SHARPENED = "sharpened_every";
    private static final List<String> ROTATION =
            List.of("head_size", "rotary", "base", "scale", "pairing", YARN, "beta_fast", "beta_slow", "magnitude");

    private HeadsSyntax() {}

    static Parts rotation(Parts parts, Rotation rotation, Optional<Value> factors) {
        Parts all = parts.and("head_size", rotation.headSize())
                .and("rotary", rotation.rotary())
                .and("base", rotation.base())
                .and("scale", rotation.scale())
                .and("pairing", rotation.pairing().text());
        if (rotation.yarn().isPresent()) {
            Rotation.Yarn yarn = rotation.yarn().get();
            all = all.and(YARN, yarn.originalContext())
                    .and("beta_fast", yarn.betaFast())
                    .and("beta_slow", yarn.betaSlow());
        }
        if (rotation.magnitude() != 1) {
            all = all.and("magnitude", rotation.magnitude());
        }
        return all.and("factors", factors);
    }

    static Rotation rotation(Arguments in) {
        return new Rotation(
                in.count("head_size"),
                in.count("rotary"),
                in.real("base"),
                in.real("scale"),
                pairing(in),
                yarn(in),
                in.has("magnitude") ? in.real("magnitude") : 1);
    }

    private static Rotation.Pairing pairing(Arguments in) {
        String word = in.word("pairing");
        for (Rotation.Pairing pairing : Rotation.Pairing.values()) {
            if (pairing.text().equals(word)) {
                return pairing;
            }
        }
        throw in.wrong("pairing", "adjacent or halves");
    }

    private static Optional<Rotation.Yarn> yarn(Arguments in) {
        if (!in.has(YARN) && !in.has("beta_fast") && !in.has("beta_slow")) {
            return Optional.empty();
        }
        return Optional.of(new Rotation.Yarn(in.count(YARN), in.real("beta_fast"), in.real("beta_slow")));
    }

    static Parts attention(Attention op) {
        Parts parts = Parts.of(op.query(), op.keys(), op.values(), op.position())
                .and("heads", op.heads())
                .and("key_value_heads", op.keyValueHeads())
                .and("scale", op.scale());
        if (op.window().isPresent()) {
            parts = parts.and("window", op.window().get());
        }
        if (op.cap().isPresent()) {
            parts = parts.and("cap", op.cap().get());
        }
        return op.sharpening().isPresent()
                ? parts.and(SHARPENED, op.sharpening().get().interval())
                        .and("by", op.sharpening().get().strength())
                : parts;
    }

    static Attention attention(Arguments in) {
        return new Attention(
                in.value(0),
                in.value(1),
                in.value(2),
                in.value(3),
                in.count("heads"),
                in.count("key_value_heads"),
                in.real("scale"),
                in.has("window") ? Optional.of(in.count("window")) : Optional.empty(),
                in.has("cap") ? Optional.of(in.real("cap")) : Optional.empty(),
                in.has(SHARPENED)
                        ? Optional.of(new Attention.Sharpening(in.count(SHARPENED), in.real("by")))
                        : Optional.empty());
    }

    /** Key and value name a value of their own, and a start, where these are not the query's and 0. */
    static Parts placeHeads(PlaceHeads op) {
        Value x = op.query().x();
        Parts parts = Parts.of(x, op.position(), op.keys(), op.values())
                .and("heads", op.heads())
                .and("key_value_heads", op.keyValueHeads());
        parts = part(parts, "query", op.query(), x);
        parts = part(parts, "key", op.key(), x);
        parts = part(parts, "value", op.value(), x);
        return op.rotation().isPresent()
                ? rotation(parts, op.rotation().get(), op.factors())
                : parts.and("factors", op.factors());
    }

    static PlaceHeads placeHeads(Arguments in) {
        Value x = in.value(0);
        Optional<Rotation> rotation =
                ROTATION.stream().anyMatch(in::has) ? Optional.of(rotation(in)) : Optional.empty();
        return new PlaceHeads(
                part(in, "query", x),
                part(in, "key", x),
                part(in, "value", x),
                in.value(1),
                in.value(2),
                in.value(3),
                in.operand("factors"),
                in.count("heads"),
                in.count("key_value_heads"),
                rotation);
    }

    private static Parts part(Parts parts, String name, PlaceHeads.Part part, Value query) {
        Parts all = part.x().equals(query) ? parts : parts.and(name, Optional.of(part.x()));
        if (part.start() != 0) {
            all = all.and(name + "_start", part.start());
        }
        if (part.norm().isPresent()) {
            Linear.Norm norm = part.norm().get();
            all = all.and(name + "_norm", Optional.of(norm.gain())).and(name + "_eps", norm.epsilon());
        }
        return all;
    }

    private static PlaceHeads.Part part(Arguments in, String name, Value query) {
        return new PlaceHeads.Part(
                name.equals("query") ? query : in.operand(name).orElse(query),
                in.has(name + "_start") ? in.whole(name + "_start") : 0,
                in.operand(name + "_norm").map(gain -> new Linear.Norm(gain, in.real(name + "_eps"))));
    }
}
