package dev.quern.endtoend;

import static dev.quern.gguf.GgufTensorType.BF16;
import static dev.quern.gguf.GgufTensorType.F16;
import static dev.quern.gguf.GgufTensorType.F32;
import static dev.quern.gguf.GgufTensorType.Q4_0;
import static dev.quern.gguf.GgufTensorType.Q4_1;
import static dev.quern.gguf.GgufTensorType.Q5_0;
import static dev.quern.gguf.GgufTensorType.Q5_1;
import static dev.quern.gguf.GgufTensorType.Q8_0;

import dev.quern.compiler.CompileOptions;
import dev.quern.endtoend.RandomModels.Recipe;
import dev.quern.endtoend.RandomModels.Shape;
import dev.quern.plan.DeviceProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** The shapes and encodings that random models are tested with. */
final class ModelCases {
    private static final long CONTEXT = 64;

    /** Between them: 1, 2, 3 and 4 query heads to a head of keys, heads of 8 to 64, ragged and even inner lengths. */
    static final List<Shape> SHAPES = List.of(
            new Shape("heads 4:4 of 16", 64, 2, 4, 4, 16, 92, true, false),
            new Shape("heads 8:4 of 8", 64, 3, 8, 4, 8, 172, false, true),
            new Shape("heads 3:1 of 32", 96, 2, 3, 1, 32, 100, true, true),
            new Shape("heads 4:1 of 64", 256, 2, 4, 1, 64, 352, false, false),
            new Shape("heads 6:2 of 16, narrower than the stream", 128, 2, 6, 2, 16, 224, true, true),
            new Shape("heads 2:2 of 64", 128, 2, 2, 2, 64, 324, false, true));

    /** Types that differ within a layer, so that some products cannot be merged. */
    static final List<Recipe> MIXED = List.of(
            new Recipe("query and value apart", Q4_1, Map.of("attn_q", Q8_0, "attn_v", F16, "ffn_down", Q5_1)),
            new Recipe("gate and up apart", Q5_0, Map.of("ffn_gate", Q8_0, "token_embd", F16, "ffn_down", BF16)),
            new Recipe("key apart, output in floats", Q8_0, Map.of("attn_k", Q4_0, "output", F32, "ffn_up", Q4_1)));

    /** Both device profiles, by name. */
    static final List<Named<DeviceProfile>> PROFILES = DeviceProfile.ALL.stream()
            .map(profile -> Named.of(profile.name(), profile))
            .toList();

    private ModelCases() {}

    /** A model and what it is compiled for. */
    record Case(Shape shape, Recipe recipe, DeviceProfile profile) {
        CompileOptions options() {
            return CompileOptions.of(profile).withContext(CONTEXT);
        }

        @Override
        public String toString() {
            return recipe + ", " + shape + ", " + profile.name();
        }
    }

    /** All cases, for both profiles. */
    static Stream<Case> all() {
        List<Case> cases = new ArrayList<>();
        for (DeviceProfile profile : DeviceProfile.ALL) {
            List<Recipe> uniform = Stream.of(F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0)
                    .map(Recipe::uniform)
                    .toList();
            for (int index = 0; index < uniform.size(); index++) {
                cases.add(new Case(SHAPES.get(index % SHAPES.size()), uniform.get(index), profile));
            }
            for (int index = 0; index < MIXED.size(); index++) {
                cases.add(new Case(SHAPES.get(index + 3), MIXED.get(index), profile));
            }
            cases.add(new Case(SHAPES.get(2), Recipe.uniform(Q4_1), profile));
        }
        return cases.stream();
    }
}
