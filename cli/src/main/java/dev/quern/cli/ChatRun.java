package dev.quern.cli;

import dev.quern.cli.bundle.InterruptedLoad;
import dev.quern.cli.bundle.LoadedModel;
import dev.quern.cli.chat.ChatLoop;
import dev.quern.cli.chat.Clock;
import dev.quern.cli.terminal.Interrupt;
import dev.quern.cli.terminal.Visible;
import dev.quern.plan.bundle.Manifest;
import dev.quern.runtime.Defaults;
import dev.quern.runtime.Engine;
import dev.quern.runtime.SamplingChoice;
import dev.quern.runtime.chat.AnswerSettings;
import dev.quern.runtime.chat.ChatFormat;
import dev.quern.runtime.chat.Conversation;
import dev.quern.text.Sampling;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Loads a model and chats with it: what {@code quern chat} does, and {@code quern run} without a prompt. */
record ChatRun(
        Context context, ModelArguments model, Optional<String> system, AnswerOptions answer, SamplingChoice choice)
        implements Callable<Integer> {

    @Override
    public Integer call() throws IOException {
        try (LoadedModel loaded = load()) {
            converse(loaded.engine());
            return 0;
        } catch (InterruptedLoad e) {
            return Interrupt.EXIT_CODE;
        }
    }

    private LoadedModel load() throws IOException {
        try (Interrupt interrupt = Interrupt.listen()) {
            return model.load(context, interrupt);
        }
    }

    private void converse(Engine engine) throws IOException {
        for (String warning : engine.tokenizer().warnings()) {
            context.terminal().err().println("warning: " + Visible.line(warning));
        }
        ChatFormat format = ChatFormat.of(engine.tokenizerData(), engine.tokenizer());
        if (!format.isOwn()) {
            context.terminal().err().println(TemplateCommand.NO_TEMPLATE);
        }
        Manifest.Model facts = engine.manifest().model();
        var conversation = new Conversation(engine.session(), format, facts.contextLength(), Clock::now);
        system.ifPresent(conversation::setSystem);
        Sampling sampling = choice.forChat(facts.sampling(), SamplingOptions.drawnSeed());
        ChatLoop.run(
                context.terminal(),
                context.input(),
                !"dumb".equals(context.environment().getOrDefault("TERM", "dumb")),
                "Chat with " + Visible.line(model.subject()) + ". /help lists commands, Ctrl-D leaves.",
                conversation,
                new AnswerSettings(answer.count(Defaults.CHAT_TOKENS), sampling, answer.stops()),
                each -> answer.verbose() ? StatisticsLine.verbose(each.statistics(), sampling) : "");
    }
}
