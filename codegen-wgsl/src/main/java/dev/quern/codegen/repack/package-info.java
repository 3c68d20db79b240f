/**
 * From blocks of model files to texels. A {@link dev.quern.codegen.repack.Packing} says how many texels the blocks of
 * an encoding take and which codec reads them; the table is {@link dev.quern.codegen.repack.Packing#of}. A
 * {@link dev.quern.codegen.repack.Mover} moves one block into its {@link dev.quern.codegen.repack.TileRow}; the movers
 * stand in one class a family. What a texel holds, per encoding, stands at the head of the encoding's
 * {@code codec/*.wgsl}.
 *
 * <p>Bits are moved, never changed.
 */
@NullMarked
package dev.quern.codegen.repack;

import org.jspecify.annotations.NullMarked;
