package dev.quern.gguf.architecture;

import java.util.List;
import java.util.Optional;

/** All families, in the order in which they are listed for people. */
final class Families {
    static final List<Family> ALL = List.of(
            Llama.FAMILY,
            Mistral3.FAMILY,
            Qwen2.FAMILY,
            Qwen3.FAMILY,
            Phi3.FAMILY,
            Gemma.FAMILY,
            Gemma2.FAMILY,
            Gemma3.FAMILY,
            SmolLm3.FAMILY,
            Granite.FAMILY,
            Olmo2.FAMILY);

    private Families() {}

    /** The family of that name. */
    static Optional<Family> named(String name) {
        return ALL.stream().filter(family -> family.name().equals(name)).findFirst();
    }
}
