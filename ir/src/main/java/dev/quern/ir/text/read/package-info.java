/**
 * Reads the text form back: {@link dev.quern.ir.text.read.Reader}. The only package of this module that does not run in
 * the browser, since it needs the ANTLR runtime.
 *
 * <p>What it gives back is well formed, not yet right: {@link dev.quern.ir.verify.Verifier} says whether the values,
 * types and stages fit.
 */
@NullMarked
package dev.quern.ir.text.read;

import org.jspecify.annotations.NullMarked;
