/**
 * Says why a compiled model is as it is. {@link dev.quern.cli.explain.Overview} tells of the whole: steps, decisions of
 * passes and of kernel selection, memory; what is alike in all layers takes one line.
 * {@link dev.quern.cli.explain.Subjects} finds values, weights and kernels by name or pattern and tells all there is on
 * each.
 *
 * <p>Reasons are those that passes ({@link dev.quern.passes.PassReport}) and kernel selection
 * ({@link dev.quern.codegen.Selection.Choice}) put down when they decided; nothing is decided again here.
 *
 * {@snippet :
 * History history = History.of(compiled, pipeline);
 * String text = new Overview(history).text();
 * List<Explanation> all = new Subjects(history).named("blk.3.ffn_down");
 * }
 */
@NullMarked
package dev.quern.cli.explain;

import org.jspecify.annotations.NullMarked;
