package dev.quern.cli.ir;

import dev.quern.compiler.CompileObserver;
import dev.quern.ir.Module;
import dev.quern.ir.text.Writer;
import java.io.PrintStream;

/** Prints the module after each pass that changed something, under a comment that says which. */
public final class PassPrinter implements CompileObserver {
    private final PrintStream target;
    private final int count;

    /**
     * A printer.
     *
     * @param count passes of the pipeline
     */
    public PassPrinter(PrintStream target, int count) {
        this.target = target;
        this.count = count;
    }

    @Override
    public void ran(int index, String pass, Module before, Module after, long nanoseconds) {
        if (!before.equals(after)) {
            target.print("// after " + pass + " (pass " + (index + 1) + " of " + count + ")\n" + Writer.write(after));
            target.print('\n');
        }
    }
}
