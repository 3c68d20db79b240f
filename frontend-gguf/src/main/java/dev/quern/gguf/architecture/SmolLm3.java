package dev.quern.gguf.architecture;

/** {@code smollm3}: SmolLM3, of whose layers every fourth knows nothing of positions. */
final class SmolLm3 {
    static final Family FAMILY = Family.named("smollm3").unrotatedEvery(4).build();

    private SmolLm3() {}
}
