/**
 * Says whether a module is right. {@link dev.quern.ir.verify.Verifier} runs between every two passes; it collects all
 * {@link dev.quern.ir.verify.Problem}s, each with its {@link dev.quern.ir.verify.Place}, and throws one
 * {@link dev.quern.ir.verify.VerificationException}.
 */
@NullMarked
package dev.quern.ir.verify;

import org.jspecify.annotations.NullMarked;
