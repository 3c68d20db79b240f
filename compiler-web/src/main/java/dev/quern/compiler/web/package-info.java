/**
 * The compiler in a browser: a model file that a page can read becomes a bundle that the page keeps.
 *
 * <p>{@code WebCompiler} is what JavaScript calls. It opens a model, which reads the file's header and makes the plan,
 * and then writes the bundle, which reads the weights once, from the first to the last of the plan:
 *
 * <pre>{@code
 * const facts = JSON.parse(await compiler.open(host, '{"context": 2048}'));
 * await compiler.write();   // host.begin, host.write ..., host.end for every file, the manifest last
 * }</pre>
 *
 * <p>The host reads the model and takes what is written: see {@code CompilerHost}. What is in WebAssembly's memory at a
 * time is the header, a few windows of the file and one tile of a weight.
 */
@NullMarked
package dev.quern.compiler.web;

import org.jspecify.annotations.NullMarked;
