package dev.quern.cli;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.cli.terminal.Sizes;
import dev.quern.cli.terminal.Visible;
import dev.quern.cli.web.PageFolder;
import dev.quern.cli.web.StaticSite;
import dev.quern.plan.bundle.BundleSource;
import dev.quern.plan.bundle.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quern export-web}. */
@Command(
        name = "export-web",
        description = {
            "Writes the page and the model as a folder that any static host can serve.",
            "Without a model the page asks for one, and compiles it in the browser."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  quern export-web smollm2-135m -o site", "  quern export-web -o site"})
final class ExportWebCommand implements Callable<Integer> {
    private final Context context;

    @Mixin
    private final WebArguments model = new WebArguments();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description = "The folder to write; it must not be there yet.")
    private Path output = Path.of("");

    ExportWebCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        model.check();
        Path page = PageFolder.find();
        // Before a model is compiled for nothing.
        StaticSite.checkFree(output);
        Optional<BundleSource> opened = model.open(context);
        try (BundleSource bundle = opened.orElse(null)) {
            if (bundle == null) {
                said("the page, which asks for a model file", StaticSite.write(page, output));
            } else {
                Manifest manifest = BundleFiles.reader(bundle).manifest();
                said(
                        Visible.line(manifest.model().name()) + " with its page",
                        StaticSite.write(page, bundle, manifest, output));
            }
            context.terminal().path(output);
            return 0;
        }
    }

    private void said(String what, long bytes) {
        context.terminal()
                .err()
                .println("Wrote " + what + ": " + Sizes.bytes(bytes)
                        + ". Serve the folder from https, or from localhost.");
    }
}
