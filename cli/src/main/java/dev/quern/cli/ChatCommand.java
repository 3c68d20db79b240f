package dev.quern.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code quern chat}. */
@Command(
        name = "chat",
        description = {
            "Chats with a model, by its own chat template; ChatML where it has none.",
            "Every line is a message. /help lists commands, Ctrl-C ends an answer, Ctrl-D leaves. What comes through a"
                    + " pipe is read line by line too, and only answers go to standard output."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage", "130:interrupted while the model was loaded"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  quern chat smollm2-135m",
            "  quern chat model.gguf --system \"Answer in one sentence.\" --temperature 0",
            "  printf 'Hello\\nAnd now in French\\n' | quern chat model.gguf --seed 1",
        })
final class ChatCommand implements Callable<Integer> {
    private final Context context;

    @Mixin
    private final ModelArguments model = new ModelArguments();

    @Mixin
    private final SystemOption system = new SystemOption();

    @Mixin
    private final AnswerOptions answer = new AnswerOptions();

    @ArgGroup(validate = false, heading = "%nHow tokens are chosen, where it is not as the model advises:%n")
    private final SamplingOptions choice = new SamplingOptions();

    ChatCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        model.check(false);
        return new ChatRun(context, model, system.text(), answer, choice.choice()).call();
    }
}
