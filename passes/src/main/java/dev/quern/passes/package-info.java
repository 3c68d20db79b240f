/**
 * What is done to a module between import and code: one {@link dev.quern.passes.Pass} a file, each drawn before and
 * after in its comment, ordered by a {@link dev.quern.passes.Pipeline} that says why each stands where it stands and
 * verifies the module after each.
 *
 * <pre>{@code
 * PassReport report = new PassReport();
 * Module fused = Pipelines.standard().run(imported, report, PassObserver.NONE);
 * report.notes();   // what was fused, and what was not and why
 * }</pre>
 *
 * <p>A pass is a function of the module: it keeps nothing between runs, and the same module gives the same result. It
 * rebuilds what it changes and passes through what it does not know.
 */
@NullMarked
package dev.quern.passes;

import org.jspecify.annotations.NullMarked;
