package dev.quern.endtoend;

import static dev.quern.gguf.GgufTensorType.F16;
import static dev.quern.gguf.GgufTensorType.Q4_0;
import static dev.quern.gguf.GgufTensorType.Q4_1;
import static dev.quern.gguf.GgufTensorType.Q5_0;
import static dev.quern.gguf.GgufTensorType.Q5_1;
import static dev.quern.gguf.GgufTensorType.Q8_0;

import dev.quern.endtoend.Kind.HeadGains;
import dev.quern.endtoend.RandomModels.Rope;
import dev.quern.endtoend.RandomModels.Shape;
import dev.quern.gguf.GgufTensorType;
import dev.quern.plan.DeviceProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Small models of every family but {@code llama}, of which {@link ModelCases} has many: each with what its keys and
 * tensors can say, and where that goes wrong most easily.
 */
final class FamilyCases {
    private static final Kind GRANITE = Kind.of("granite").embeddingGain(3).with("granite", keys -> {
        keys.number("embedding_scale", 3);
        keys.number("residual_scale", 0.4);
        keys.number("logit_scale", 4);
        keys.number("attention.scale", 0.1);
    });

    private static final Kind OLMO2 = Kind.of("olmo2").norms(false, true).headGains(HeadGains.WHOLE_ROW);

    /** A model of a family. */
    record Case(Kind kind, Shape shape, Recipe recipe, DeviceProfile profile) {
        byte[] write() {
            return RandomModels.write(kind, shape, recipe);
        }

        /** The largest error against llama.cpp. */
        double limit() {
            return InterpreterAgreementTest.LIMIT;
        }

        @Override
        public String toString() {
            return kind + ", " + shape + ", " + recipe + ", " + profile.name();
        }
    }

    private static final List<Case> ALL = select();

    private FamilyCases() {}

    /** All of them, the profiles taking turns. */
    static Stream<Case> all() {
        return ALL.stream();
    }

    private static List<Case> select() {
        var cases = new ArrayList<Case>();
        add(cases, Kind.of("mistral3"), shape(64, 2, 4, 2, 24, false, Rope.BASE), Q8_0);
        add(cases, Kind.of("smollm3"), shape(64, 5, 4, 1, 16, true, Rope.BASE), Q4_1);
        add(cases, GRANITE, shape(64, 3, 4, 2, 16, true, Rope.PLAIN), Q5_0);
        Kind unturned = GRANITE.with("granite without rotation", keys -> keys.truth("rope.scaling.finetuned", false));
        add(cases, unturned, shape(64, 2, 4, 4, 16, false, Rope.PLAIN), F16);
        add(cases, OLMO2, shape(64, 3, 4, 4, 16, false, Rope.BASE), Q5_1);
        add(cases, OLMO2, shape(64, 2, 4, 1, 16, false, Rope.LINEAR), Q8_0);
        add(cases, Kind.of("phi3").joining(), shape(64, 2, 4, 4, 16, false, Rope.PLAIN), Q4_0);
        return List.copyOf(cases);
    }

    private static void add(List<Case> cases, Kind kind, Shape shape, GgufTensorType type) {
        DeviceProfile profile = DeviceProfile.ALL.get(cases.size() % DeviceProfile.ALL.size());
        cases.add(new Case(kind, shape, Recipe.uniform(type), profile));
    }

    private static Shape shape(
            int width, int layers, int heads, int keyValueHeads, int headSize, boolean tied, Rope rope) {
        String name =
                "heads " + heads + ":" + keyValueHeads + " of " + headSize + ", " + layers + " layers of " + width;
        return new Shape(name, width, layers, heads, keyValueHeads, headSize, 96, tied, rope);
    }
}
