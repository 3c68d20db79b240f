/**
 * The text form of the last of the three stages: {@link dev.quern.plan.text.PlanWriter} prints a plan,
 * {@link dev.quern.plan.text.PlanReader} reads it back. The grammar is that of the other stages; what differs is what
 * is declared, and that a statement is a step. Everything that a plan holds is in the text but for the WGSL of its
 * kernels, each of which has a file of its own that the text names. What is read is not yet right:
 * {@link dev.quern.plan.verify.PlanVerifier} says whether it is.
 *
 * <pre>{@code
 * module "tiny" at plan
 * symbol ?tokens <= 4
 * profile "portable" {shape = "workgroup", placement = buffer, lanes = 64, subgroup_size = 0}
 * limits {max_storage_buffer_binding_size = 134217728, …}
 *
 * buffer @arena : bytes[2048] {role = arena}
 * buffer @tokens : bytes[16] {role = tokens}
 *
 * weight @table : bytes[163840] {from = ["weights/000.bin"[0..163840]], layout = "row_tiles_8", placement = texture}
 *
 * kernel @embed {entry = "main", bindings = [read, texture, read_write], source = "embed.wgsl"}
 *
 * memory {arena_bytes = 2048, lower_bound_bytes = 1024}
 * region @prefill %row : bytes[0..1024] {first = 0, last = 1}
 *
 * func @prefill() {
 *   dispatch "rows" @embed read @tokens[0..16], texture @table, read_write @arena[0..1024] {grid = [?tokens, 1, 1]}
 *   return
 * }
 * }</pre>
 *
 * <p>A range of bytes has its first byte and the one behind its last. A weight is bound as a whole and needs no range.
 * The word before what is bound repeats the kernel's access, for the eye; it may be left out, and must be right where
 * it stands.
 */
@NullMarked
package dev.quern.plan.text;

import org.jspecify.annotations.NullMarked;
