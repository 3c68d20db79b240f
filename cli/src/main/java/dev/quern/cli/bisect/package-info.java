/**
 * Finds what first breaks agreement with the reference interpreter: {@link dev.quern.cli.bisect.PassBisection} the
 * pass, {@link dev.quern.cli.bisect.KernelWalk} the kernel.
 *
 * <p>A {@link dev.quern.cli.bisect.Workload} says what is computed: a few tokens one by one, then again with a prefill
 * before the last. {@link dev.quern.cli.bisect.ReferenceRun} has the interpreter compute it on one module and keeps
 * every value as an {@link dev.quern.cli.bisect.Observation}; observations of two modules, or of a module and a device,
 * are compared value by value. The measure is the normalised mean squared error, {@code sum((a - b)^2) / sum(a^2)}.
 *
 * {@snippet :
 * ReferenceRun run = new ReferenceRun(module -> new Interpreter(module, weights), workload, () -> {});
 * PassVerdict verdict = new PassBisection(run, 1e-10).find(imported, Pipelines.standard());
 * }
 *
 * <p>Nothing here knows the command line: modules, pipelines, interpreters and devices are what the caller gives,
 * broken ones included.
 */
@NullMarked
package dev.quern.cli.bisect;

import org.jspecify.annotations.NullMarked;
