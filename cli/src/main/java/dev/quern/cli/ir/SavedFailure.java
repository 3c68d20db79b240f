package dev.quern.cli.ir;

import dev.quern.cli.store.CacheFolder;
import dev.quern.cli.store.OutputFile;
import dev.quern.cli.store.Sha256;
import dev.quern.cli.store.StoreException;
import dev.quern.cli.terminal.Visible;
import dev.quern.compiler.CompileObserver;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.text.Writer;
import dev.quern.ir.verify.VerificationException;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.verify.PlanException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Saves the graph that a pass or a lowering could not handle as {@code quern-failed-PASS-XXXXXXXX.qir} in the cache's
 * folder {@code failures}; the name ends in a hash of the graph, so that one failure makes one file however often it is
 * met. The command that repeats that one step stands at the head of the file and in the message.
 */
public final class SavedFailure implements CompileObserver {
    private final CacheFolder cache;
    private final DeviceProfile profile;
    private @Nullable Failure failure;

    private record Failure(String what, String step, Module before, String options, RuntimeException problem) {}

    /**
     * Saves into a cache.
     *
     * @param profile what is compiled for, for the command
     */
    public SavedFailure(CacheFolder cache, DeviceProfile profile) {
        this.cache = cache;
        this.profile = profile;
    }

    @Override
    public void failed(int index, String pass, Module before, RuntimeException problem) {
        failure = new Failure("The pass " + pass, pass, before, "--passes " + pass + " --verify-each", problem);
    }

    @Override
    public void loweringFailed(Stage target, Module before, RuntimeException problem) {
        failure = new Failure(
                "Lowering to the " + target.text() + " stage",
                "to-" + target.text(),
                before,
                "--compile-to=" + target.text() + " --profile " + profile.name(),
                problem);
    }

    /**
     * What to throw for an exception that came out of the compiler: the same, or where a step failed, one that names
     * the file that the graph before it is now in.
     */
    public RuntimeException explained(RuntimeException thrown) {
        return failure != null && thrown.equals(failure.problem()) ? new IrException(save(failure), thrown) : thrown;
    }

    private String save(Failure failed) {
        String reason = failed.what() + " failed: " + describe(failed.problem());
        String text = Writer.write(failed.before());
        String digest = Sha256.ofText(text).substring(0, 8);
        try {
            Path file = cache.failures().resolve("quern-failed-" + failed.step() + "-" + digest + ".qir");
            String command = "quern opt " + Shell.quoted(file.toString()) + " " + failed.options();
            OutputFile.write(file, comment(reason + "\nThis command repeats it:\n  " + command) + "\n" + text);
            return reason + "\nThe graph before it was written to a file; this command repeats that one step:\n  "
                    + command;
        } catch (StoreException e) {
            return reason + "\nThe graph before it could not be kept. " + e.getMessage();
        }
    }

    private static String describe(RuntimeException found) {
        return switch (found) {
            case VerificationException e -> "its result breaks rules,\n" + e.getMessage();
            case PlanException e -> String.valueOf(e.getMessage());
            case RuntimeException e -> e + "\nSet QUERN_DEBUG=1 to see where.";
        };
    }

    private static String comment(String text) {
        StringBuilder comment = new StringBuilder();
        text.lines()
                .forEach(line -> comment.append(("// " + Visible.line(line)).stripTrailing())
                        .append('\n'));
        return comment.toString();
    }
}
