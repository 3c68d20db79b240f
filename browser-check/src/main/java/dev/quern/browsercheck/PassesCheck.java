package dev.quern.browsercheck;

import dev.quern.ir.Module;
import dev.quern.ir.text.Writer;
import dev.quern.ir.verify.Verifier;
import dev.quern.passes.PassObserver;
import dev.quern.passes.PassReport;
import dev.quern.passes.Pipelines;
import dev.quern.passes.memory.MemoryPlanner;

/** Verifies, prints and fuses a module, and plans its memory. */
final class PassesCheck {
    private PassesCheck() {}

    static String run() {
        Module module = IntermediateCheck.module();
        Verifier.verify(module);
        PassReport report = new PassReport();
        Module fused = Pipelines.standard().run(module, report, PassObserver.NONE);
        StringBuilder text = new StringBuilder(Writer.write(fused)).append(report.notes());
        fused.functions()
                .forEach(function ->
                        text.append(MemoryPlanner.plan(function, MemoryPlanner.DEFAULT_ALIGNMENT, value -> false)
                                .certificate()
                                .table()));
        return text.toString();
    }
}
