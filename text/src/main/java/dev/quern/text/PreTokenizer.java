package dev.quern.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The classes of {@code tokenizer.ggml.pre}: how words are cut, and what follows from the name besides. */
enum PreTokenizer {
    GPT2,
    DIGITS_THEN_GPT2,
    LLAMA3,
    /** The words of Llama 3 without its whole-word rule and its beginning token. */
    LLAMA3_PLAIN,
    /** Like {@link #LLAMA3_PLAIN}; the default beginning token of byte pair files does not hold. */
    GLM,
    QWEN2,
    QWEN35,
    TEKKEN,
    GPT4O,
    FALCON,
    DEEPSEEK_LLM,
    DEEPSEEK_CODER,
    UNNAMED;

    /** Cuts the words. */
    WordSplitter splitter() {
        return switch (this) {
            case GPT2 -> new Gpt2Splitter();
            case DIGITS_THEN_GPT2 -> new StagedSplitter(StagedSplitter.Stage.DIGITS_FIRST);
            case LLAMA3, LLAMA3_PLAIN, GLM -> Llama3Splitter.LLAMA3;
            case QWEN2 -> Llama3Splitter.QWEN2;
            case QWEN35 -> Llama3Splitter.QWEN35;
            case TEKKEN -> CasedSplitter.TEKKEN;
            case GPT4O -> CasedSplitter.GPT4O;
            case FALCON -> new StagedSplitter(StagedSplitter.Stage.FALCON);
            case DEEPSEEK_LLM -> DeepSeekSplitter.LLM;
            case DEEPSEEK_CODER -> DeepSeekSplitter.CODER;
            case UNNAMED -> new StagedSplitter(StagedSplitter.Stage.UNNAMED);
        };
    }

    /** The names of the class. */
    List<String> names() {
        return switch (this) {
            case GPT2 ->
                List.of(
                        "gpt-2",
                        "phi-2",
                        "gigachat",
                        "a.x-4.0",
                        "mellum",
                        "modern-bert",
                        "exaone4",
                        "mpt",
                        "olmo",
                        "jais",
                        "trillion",
                        "granite-docling");
            case DIGITS_THEN_GPT2 ->
                List.of("smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2");
            case LLAMA3 ->
                List.of(
                        "llama-bpe",
                        "llama3",
                        "llama-v3",
                        "falcon3",
                        "falcon-h1",
                        "pixtral",
                        "midm-2.0",
                        "lfm2",
                        "jina-v5-nano");
            case LLAMA3_PLAIN -> List.of("dbrx", "smaug-bpe");
            case GLM -> List.of("glm4", "chatglm-bpe");
            case QWEN2 ->
                List.of(
                        "qwen2",
                        "deepseek-r1-qwen",
                        "kormo",
                        "f2llmv2",
                        "megrez",
                        "stablelm2",
                        "hunyuan",
                        "solar-open",
                        "grok-2");
            case QWEN35 -> List.of("qwen35");
            case TEKKEN -> List.of("tekken");
            case GPT4O -> List.of("gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2");
            case FALCON -> List.of("falcon");
            case DEEPSEEK_LLM -> List.of("deepseek-llm");
            case DEEPSEEK_CODER -> List.of("deepseek-coder");
            case UNNAMED -> List.of("default");
        };
    }

    /** Whether a word that is a token as it stands is taken whole, whatever the merges would make of it. */
    boolean takesWholeWords() {
        return this == LLAMA3 || this == TEKKEN;
    }

    /** Whether a prompt begins with the beginning-of-sequence token where the file does not say. */
    boolean addsBosByDefault() {
        return this == LLAMA3 || this == TEKKEN;
    }

    /** Whether the files of this class use the beginning token 11 where they name none. */
    boolean hasDefaultBos() {
        return this != GLM;
    }

    /** The class of a name. A file without a name gets the class "default", as its writers expect; the caller warns. */
    static PreTokenizer of(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            return UNNAMED;
        }
        StringBuilder known = new StringBuilder();
        for (PreTokenizer pre : values()) {
            for (String candidate : pre.names()) {
                if (candidate.equals(name)) {
                    return pre;
                }
                known.append(known.isEmpty() ? "" : ", ").append(candidate);
            }
        }
        throw new TokenizerException(
                "tokenizer.ggml.pre",
                "tokenizer.ggml.pre is \"" + name
                        + "\", a way of cutting words that Quern does not know; another one would give wrong tokens."
                        + " Known are: "
                        + known + ".");
    }
}
