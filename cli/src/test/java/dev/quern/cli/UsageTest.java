package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.CommandLineFixture.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad command lines exit with 2, say what is wrong, and do nothing. */
class UsageTest {
    @TempDir
    private Path folder;

    private CommandLineFixture quern;

    UsageTest() {
        folder = Path.of("");
        quern = new CommandLineFixture(folder);
    }

    @BeforeEach
    void useFolder() {
        quern = new CommandLineFixture(folder.resolve("cache"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "grind | There is no command 'grind'.",
                "run | Missing required",
                "run model.gguf | There is no prompt: nothing comes from standard input.",
                "run model.gguf -p | Missing required parameter for option '--prompt' (TEXT)",
                "run m -p hello -f f | mutually exclusive",
                "run -p hello | BUNDLE|MODEL.gguf|NAME",
                "run m -p hello -n 0 | '-n': 0 is too small; a whole number from 1 on is expected, or -1 for as many tokens as",
                "run m -p hello -n many | 'many' is not a whole number; one from 1 on is expected, or -1 for",
                "run m -p hello --temperature -1 | -1 is too small; a number from 0 to 100 is expected",
                "run m -p hello --temperature warm | 'warm' is not a number; one from 0 to 100 is expected",
                "run m -p hello --top-p 1.5 | 1.5 is too large; a number above 0 and up to 1 is expected",
                "run m -p hello --top-p 0 | 0 is too small; a number above 0 and up to 1 is expected",
                "run m -p hello --top-p=1e-60 | '--top-p': 1e-60 is too small",
                "chat m --top-p 0 | 0 is too small; a number above 0",
                "run m -p hello --top-k -3 | -3 is too small; a whole number from 0 on is expected, and 0 takes all tokens",
                "run m -p hello --min-p NaN | 'NaN' is not a number; one from 0 to 1 is expected",
                "run m -p hello --repeat-last-n -2 | -2 is too small; a whole number from -1 on is expected; -1 looks back",
                "run m -p hello --seed x | 'x' is not a whole number; one is expected",
                "run m -p hello -s 99999999999999999999 | '-s': 99999999999999999999 is too large; a whole number up to 9223",
                "run m -p hello --stop= | '--stop' (TEXT): the text is empty, which would end every answer before",
                "chat m --stop= | the text is empty",
                "run m -p hello --json=5 | the option is a switch, which takes no value, and '5' is given",
                "run m -p hello --profile abacus | there is no profile 'abacus'",
                "run m -p hello -c 0 | '-c': 0 is too small; a whole number from 1 on is expected; without the option there is",
                "run m -p hello --cache q3 | keys and values are kept as f16, f32 or q8_0, not as 'q3'",
                "web m --cache f64 | keys and values are kept as f16, f32 or q8_0, not as 'f64'",
                "run m n -p hello | The prompt is given twice: 'n' stands behind the model",
                "run m n o | Unmatched argument at index",
                "run m -m n o | Unmatched argument: 'o'",
                "run m --system s -p hello | --system goes with --chat",
                "run m -p hello -n -2 | -2 is too small; a whole number from 1 on is expected, or -1 for as many tokens",
                "run m -p hello --repeat-penalty 0 | 0 is too small; a number from 0.01 to 100 is expected",
                "chat | Missing required parameter: 'BUNDLE|MODEL.gguf|NAME'",
                "chat m n | Unmatched argument at index",
                "chat m -m n | Two models are given, 'n' and 'm'",
                "logits m -m n -o f -p x | Two models are given",
                "template | Missing required parameter",
                "run m -p hello --tepmerature 1 | Unknown option: '--tepmerature'",
                "compile | Missing required parameter: 'MODEL.gguf|NAME'",
                "compile m --for moon | Invalid value for option '--for': there is no place 'moon'; there is web",
                "compile m --for web --profile portable | --profile names one: leave out either.",
                "compile m --for web --compile-to=plan | name it with --profile in place of --for web.",
                "web --cache f32 | --profile, --context and --cache are about a model, and none is named.",
                "export-web -o site --profile portable | about a model, and none is named.",
                "export-web | Missing required option: '--output=DIR'",
                "compile m --profile abacus | there is no profile 'abacus'",
                "logits m -o f | There is no prompt: nothing comes from standard input.",
                "logits m -p x | Missing required option: '--output=FILE'",
                "logits m -p x --tokens 1 -o f | mutually exclusive",
                "logits m --tokens 1,x -o f | 'x' is not a whole number",
                "inspect | Missing required parameter",
                "inspect m --ir=soup | there is no stage 'soup'; there are imported, tensor, dispatch",
                "compile m --compile-to=soup | there is no stage 'soup'; there are tensor, dispatch, plan",
                "inspect m --full | --full belongs to --json",
                "compile -o  m | '-o': the name is empty",
                "opt | Missing required parameter: 'FILE.qir|-'",
                "opt f.qir --passes fuse-norm --pipeline standard | mutually exclusive",
                "opt f.qir --passes fuse-norms | there is no pass fuse-norms here; there are fold-constants, ",
                "opt f.qir --pipeline fast | There is no pipeline 'fast'; there is standard.",
                "opt f.qir --pipeline standard --pass-limit -1 | a whole number from 0 on is expected",
                "opt f.qir --pass-limit 2 | --pass-limit counts passes; name them with --passes or --pipeline.",
                "opt f.qir --compile-to=soup | soup",
                "opt f.qir --profile abacus | there is no profile 'abacus'",
                "run-ir | Missing required parameter: 'FILE.qir|-'",
                "run-ir f.qir --weights m --seed 1 | mutually exclusive",
                "run-ir f.qir --input x=1,two | 'two' is not a number",
                "run-ir f.qir --input 12 | '12' is not NAME=",
                "run-ir f.qir --symbol n=0 | 0 is too small; a whole number from 1 on is expected",
                "verify | Missing required parameter",
                "bisect | Missing required parameter: 'MODEL.gguf|NAME|FILE.qir'",
                "bisect m --limit -1 | -1 is too small; a number from 0 on is expected",
                "bisect m --limit small | 'small' is not a number",
                "bisect m --tokens 1 -p x | mutually exclusive",
                "bisect m --tokens 1,x | 'x' is not a whole number",
                "explain | Missing required parameter: 'MODEL.gguf|NAME'",
                "explain m v w | Unmatched argument at index",
                "explain m --profile abacus | there is no profile 'abacus'",
                "tokenize | Missing required parameter: 'MODEL.gguf|BUNDLE|NAME'",
                "tokenize m text more | Unmatched argument at index",
                "tokenize m --decode 1 2 | The text is one argument; blanks in it need quotation marks: \"1 2\".",
                "run m Once upon a time | need quotation marks: \"Once upon a time\".",
                "tokenize m --jsno | Unknown option",
                "devices here | Unmatched argument",
                "pull --as name | --as needs a NAME or URL"
            })
    void wrongUsageIsExplained(String line, String expected) {
        Outcome outcome = quern.run(line.isEmpty() ? new String[0] : line.split(" ", -1));
        assertEquals(2, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains(expected), outcome.err());
        assertTrue(outcome.err().contains("--help' for what it takes."), outcome.err());
        assertEquals("", outcome.out());
        assertFalse(outcome.err().contains("\tat "), "no stack trace");
    }

    @Test
    void aMisspelledOptionIsRecognised() {
        Outcome outcome = quern.run("run", "m", "-p", "x", "--temprature", "1");
        assertTrue(outcome.err().contains("Possible solutions: --temperature"), outcome.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pull",
                "compile",
                "run",
                "chat",
                "template",
                "logits",
                "tokenize",
                "inspect",
                "devices",
                "verify",
                "bisect",
                "explain",
                "opt",
                "run-ir"
            })
    void everyCommandHasHelpWithoutErrors(String command) {
        Outcome outcome = quern.run(command, "--help");
        assertEquals(0, outcome.code());
        assertEquals("", outcome.err());
        assertTrue(outcome.out().contains("Usage: quern " + command), outcome.out());
        assertTrue(outcome.out().lines().allMatch(line -> line.length() <= 80), "help fits a terminal of 80 columns");
    }

    @Test
    void theListOfCommandsNamesThemAll() {
        String help = quern.run("--help").out();
        for (String command : new String[] {
            "pull",
            "compile",
            "run",
            "chat",
            "template",
            "logits",
            "tokenize",
            "inspect",
            "devices",
            "verify",
            "bisect",
            "explain",
            "opt",
            "run-ir"
        }) {
            assertTrue(help.contains("\n  " + command + " "), help);
        }
    }

    @Test
    void byItselfItSaysWhatThereIs() {
        Outcome alone = quern.run();
        assertEquals(0, alone.code());
        assertEquals("", alone.err());
        assertEquals(quern.run("--help").out(), alone.out());
        assertEquals(alone.out(), quern.run("help").out());
        assertTrue(alone.out().contains("quern completion"), "how to complete it");
    }

    @Test
    void helpAndVersionAreCommandsToo() {
        Outcome help = quern.run("help", "run");
        assertEquals(0, help.code());
        assertEquals(quern.run("run", "--help").out(), help.out());
        Outcome version = quern.run("version");
        assertEquals(0, version.code());
        assertEquals(quern.run("--version").out(), version.out());
        assertTrue(version.out().startsWith("quern "), version.out());
        assertEquals(2, quern.run("help", "grind").code());
    }
}
