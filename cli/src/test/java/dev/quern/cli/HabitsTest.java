package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.CommandLineFixture.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of llama.cpp, ollama and the hub's tools are answered with what they mean here. */
class HabitsTest {
    private final CommandLineFixture quern;

    HabitsTest(@TempDir Path folder) {
        quern = new CommandLineFixture(folder.resolve("cache"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "list | There is no command 'list'. 'quern ls' lists",
                "serve m | There is no command 'serve'. Quern has no server for other programs. 'quern web MODEL'",
                "generate m -p x | 'quern run MODEL -p TEXT' continues a text.",
                "create -f Modelfile | A GGUF file is run as it is",
                "ps | Nothing of Quern stays in the background",
                "stop m | Nothing of Quern stays in the background",
                "push m | Quern uploads nothing",
                "download m | 'quern pull NAME' fetches",
                "quantize a.gguf b.gguf Q4_0 | Quern converts and quantises nothing",
                "model.gguf hello | Name one before the model, such as 'quern run model.gguf'.",
                "RUN m | There is no command 'RUN'; it is spelled 'run'.",
                "help serve | There is no command 'serve'. Quern has no server",
                "-m m -p x | There is no option -m. The model is the argument itself",
                "-m m -p x | 'quern' has no option -p; it is an option of 'quern run'",
                "logits m -p x -o y -ngl 99 | There is no option -ngl. The whole model runs on one device. Leave it out.",
                "logits m -p x -o y --n-gpu-layers=99 | There is no option --n-gpu-layers. The whole model runs",
                "logits m -p x -o y -t 8 --mlock | There is no option -t. How many threads work is the driver's affair.",
                "logits m -p x -o y -t 8 --mlock | There is no option --mlock. Weights lie in the bundle",
                "logits m -p x -o y -fa | There is no option -fa. Attention is one kernel",
                "logits -hf ggml-org/gemma -p x -o y | A model of huggingface.co is pulled by the address of its file",
                "logits m -p x -o y --top-k 3 | has no option --top-k; it is an option of 'quern run' and 'quern chat'.",
                "run m -p x --top_k 3 | There is no option --top_k; here it is spelled --top-k.",
                "run m -p x --max_new_tokens 3 | There is no option --max_new_tokens; here it is --tokens.",
                "run m -p x -prompt y | There is no option -prompt; here it is spelled --prompt.",
                "run m -p x --mirostat 2 | This way to choose tokens is not supported",
                "run m -p x --dry-multiplier 1 | This way to choose tokens is not supported",
                "compile m --n-ctx=2048 | There is no option --n-ctx; here it is --context.",
                "run m x --num-predict 5 | There is no option --num-predict; here it is --tokens.",
                "remove m | 'quern rm NAME' removes a model",
                "converse m | 'quern chat MODEL' talks with the model",
                "devices --ctx-size 5 | 'quern devices' has no option --ctx-size; it is called --context and an option of",
                "logits m -p x -o y --cache-type-k q8_0 | There is no option --cache-type-k; here it is --cache.",
                "run m -p x --device 0 | QUERN_ADAPTER=NAME chooses one",
                "run m -p x --lora a.gguf | Adapters are not supported.",
                "run m -p x --tepmerature 1 -ngl 9 | There is no option -ngl. The whole model runs on one device.",
            })
    void aWordOfOthersIsAnswered(String line, String expected) {
        Outcome outcome = quern.run(line.split(" ", -1));
        assertEquals(2, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains(expected), outcome.err());
        assertTrue(outcome.err().startsWith("error: "), outcome.err());
        assertEquals("", outcome.out());
    }

    @Test
    void whatIsAnsweredIsNotGuessedToo() {
        Outcome outcome = quern.run("logits", "m", "-p", "x", "-o", "y", "-ngl", "99");
        assertFalse(outcome.err().contains("Possible solutions"), outcome.err());
        assertFalse(outcome.err().contains("Unknown option"), outcome.err());
        assertFalse(quern.run("run", "m", "-p", "x", "--top_k", "3").err().contains("Possible solutions"));
        assertFalse(quern.run("list").err().contains("Did you mean"));
    }

    @Test
    void aTextIsNoOption() {
        Outcome outcome = quern.run("run", "m", "-p", "-ngl", "--tepmerature", "1");
        assertFalse(outcome.err().contains("-ngl"), outcome.err());
        assertTrue(outcome.err().contains("Possible solutions: --temperature"), outcome.err());
    }
}
