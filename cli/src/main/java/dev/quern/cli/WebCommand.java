package dev.quern.cli;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.cli.store.StoreException;
import dev.quern.cli.terminal.Interrupt;
import dev.quern.cli.terminal.Visible;
import dev.quern.cli.web.PageFolder;
import dev.quern.cli.web.WebServer;
import dev.quern.plan.bundle.BundleSource;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quern web}. */
@Command(
        name = "web",
        description = {
            "Serves a page that chats with the model, in the browser's own WebGPU: nothing leaves the machine.",
            "Without a model the page asks for one, and compiles it in the browser.",
            "Only this machine can reach it. Ctrl-C ends it."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  quern web smollm2-135m", "  quern web", "  quern web model.quern --port 9000"})
final class WebCommand implements Callable<Integer> {
    private final Context context;

    @Mixin
    private final WebArguments model = new WebArguments();

    @Option(
            names = "--port",
            paramLabel = "P",
            converter = Port.class,
            defaultValue = "8765",
            description = "The port, or 0 for any that is free. Default: ${DEFAULT-VALUE}.")
    private int port;

    WebCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        model.check();
        Path page = PageFolder.find();
        Optional<BundleSource> opened = model.open(context);
        try (BundleSource bundle = opened.orElse(null);
                WebServer server = serve(page, bundle);
                Interrupt interrupt = Interrupt.listen()) {
            String what = opened.map(source -> Visible.line(
                            BundleFiles.reader(source).manifest().model().name()))
                    .orElse("the page, which asks for a model file");
            context.terminal().err().println("Serving " + what + ". Ctrl-C ends it.");
            context.terminal().out().println(server.address());
            context.terminal().out().flush();
            while (!interrupt.requested()) {
                Thread.sleep(100);
            }
            return Interrupt.EXIT_CODE;
        }
    }

    private WebServer serve(Path page, @Nullable BundleSource bundle) throws IOException {
        try {
            return WebServer.start(page, bundle, port);
        } catch (BindException taken) {
            throw new StoreException("The port " + port + " is taken; name another with --port.", taken);
        }
    }

    private static final class Port implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) Numbers.whole(text, 0, 65535);
        }
    }
}
