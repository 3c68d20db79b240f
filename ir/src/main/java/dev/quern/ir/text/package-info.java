/**
 * The text form of the intermediate representation.
 *
 * <p>{@link dev.quern.ir.text.Writer} prints a module at any stage; {@link dev.quern.ir.text.Syntax} is the one table
 * that says what an operation is called, which operands stand before its attributes and which attributes it has. The
 * reader, in a package of its own because it alone does not run in the browser, shares that table, so that what is
 * written can be edited and read back.
 *
 * <pre>{@code
 * module "tiny" at tensor
 * symbol ?seq <= 64
 * weight @attn_norm : f32[288] {from = ["blk.0.attn_norm.weight"]}
 *
 * func @prefill(%x: f32[?seq, 288]) -> f32[?seq, 288] {
 *   %n = rms_norm %x, @attn_norm {eps = 1.0e-5} : f32[?seq, 288]
 *   return %n
 * }
 * }</pre>
 */
@NullMarked
package dev.quern.ir.text;

import org.jspecify.annotations.NullMarked;
