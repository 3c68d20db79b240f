package dev.quern.gguf.architecture;

/** {@code mistral3}: Ministral 3, which differs from {@code llama} in its keys alone. */
final class Mistral3 {
    static final Family FAMILY = Family.named("mistral3").sharpensWithPosition().build();

    private Mistral3() {}
}
