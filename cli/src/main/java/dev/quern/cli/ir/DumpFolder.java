package dev.quern.cli.ir;

import dev.quern.bundle.files.Leftovers;
import dev.quern.cli.store.OutputFile;
import dev.quern.cli.store.Reasons;
import dev.quern.cli.store.Staging;
import dev.quern.codegen.Selection;
import dev.quern.compiler.CompileObserver;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.text.Writer;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Kernel;
import dev.quern.plan.Plan;
import dev.quern.plan.bundle.PlanJson;
import dev.quern.plan.text.PlanWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes every form that a model takes while it is compiled, as texts in a folder:
 *
 * <pre>
 * 00-imported.qir            as the architecture builds it
 * 01-fold-constants.qir      after the first pass; a pass that changed nothing has no file
 * …
 * 10-dispatch.qir            kernels chosen
 * 11-plan.qir                every byte in its place
 * kernels/NAME.wgsl          each kernel
 * plan.json                  the plan as a bundle holds it
 * commands.txt               the command that makes each file from the one before
 * </pre>
 *
 * <p>The same model, compiled in the same way, gives the same bytes. The folder appears when it is complete and takes
 * the place of an older dump.
 */
public final class DumpFolder implements CompileObserver, AutoCloseable {
    private static final String COMMANDS = "commands.txt";
    private static final String PLAN = "plan.json";

    private static final String HEAD = """
            # Each command makes a file of this dump from the one before it; run them in this folder.
            # A pass that has no file changed nothing.
            """;

    private final Path target;
    private final Path temporary;
    private final Leftovers leftovers;
    private final DeviceProfile profile;
    private final StringBuilder commands = new StringBuilder(HEAD);
    private String last = "";
    private int passes;
    private String model = "";

    private DumpFolder(Path target, Path temporary, DeviceProfile profile) {
        this.target = target;
        this.temporary = temporary;
        this.profile = profile;
        this.leftovers = new Leftovers(temporary);
    }

    /**
     * Begins a dump.
     *
     * @param profile what is compiled for, for the commands
     * @throws IrException if the folder is there already and is neither empty nor a dump
     */
    public static DumpFolder create(Path folder, DeviceProfile profile) throws IOException {
        Path target = folder.toAbsolutePath().normalize();
        if (Files.exists(target) && !isReplaceable(target)) {
            throw new IrException(folder + " is there already and holds other things than a dump; choose another folder"
                    + " for --dump-dir, or remove it.");
        }
        OutputFile.requireFolderOf(folder);
        Path temporary = Files.createDirectory(Leftovers.unusedName(target, ".partial-"));
        return new DumpFolder(target, temporary, profile);
    }

    @Override
    public void imported(Module module) {
        model = module.name();
        last = "00-imported.qir";
        write(last, Writer.write(module));
    }

    @Override
    public void ran(int index, String pass, Module before, Module after, long nanoseconds) {
        passes = index + 1;
        if (!before.equals(after)) {
            step(passes, pass, Writer.write(after), "--passes " + pass);
        }
    }

    @Override
    public void selected(Selection selection) {
        step(passes + 1, "dispatch", Writer.write(selection.module()), lowering(Stage.DISPATCH));
    }

    @Override
    public void planned(Plan plan) {
        for (Kernel kernel : plan.kernels()) {
            write(kernelFile(kernel.name()), kernel.source());
        }
        step(passes + 2, "plan", PlanWriter.write(model, plan), lowering(Stage.PLAN));
        write(PLAN, PlanJson.write(plan, DumpFolder::kernelFile));
    }

    /** Moves the folder to its place; without this call nothing of it remains. */
    public void complete() throws IOException {
        write(COMMANDS, commands.toString());
        if (Files.exists(target)) {
            if (!isReplaceable(target)) {
                throw new IrException(target + " has come to hold other things than a dump; it was left as it is.");
            }
            Staging.deleteAll(target);
        }
        Files.move(temporary, target);
        leftovers.keep();
    }

    @Override
    public void close() {
        leftovers.remove();
    }

    private void step(int number, String name, String text, String options) {
        String file = (number < 10 ? "0" : "") + number + "-" + name + ".qir";
        write(file, text);
        commands.append("quern opt ").append(last).append(' ').append(options).append(" -o ");
        commands.append(file).append('\n');
        last = file;
    }

    private String lowering(Stage stage) {
        return "--compile-to=" + stage.text() + " --profile " + profile.name();
    }

    private void write(String file, String text) {
        try {
            Path path = temporary.resolve(file);
            if (file.startsWith(PlanSource.KERNELS)) {
                Files.createDirectories(temporary.resolve(PlanSource.KERNELS));
            }
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new IrException("The dump " + target + " cannot be written: " + Reasons.of(e) + ".", e);
        }
    }

    private static String kernelFile(String kernel) {
        return PlanSource.KERNELS + "/" + PlanWriter.sourceFile(kernel);
    }

    /** Whether a folder is empty, or holds what a dump holds and nothing else. */
    private static boolean isReplaceable(Path folder) throws IOException {
        if (!Files.isDirectory(folder) || Files.isSymbolicLink(folder)) {
            return false;
        }
        List<Path> entries = list(folder);
        return entries.isEmpty()
                || (Files.isRegularFile(folder.resolve(COMMANDS))
                        && Files.readString(folder.resolve(COMMANDS)).startsWith(HEAD)
                        && allOfDump(entries));
    }

    private static boolean allOfDump(List<Path> entries) throws IOException {
        for (Path entry : entries) {
            String name = entry.getFileName().toString();
            boolean known = name.equals(PlanSource.KERNELS)
                    ? list(entry).stream().allMatch(each -> each.toString().endsWith(".wgsl"))
                    : name.equals(COMMANDS) || name.equals(PLAN) || name.matches("\\d{2,}-[a-z-]+\\.qir");
            if (!known) {
                return false;
            }
        }
        return true;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }
}
