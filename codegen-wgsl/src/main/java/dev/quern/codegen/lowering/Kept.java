package dev.quern.codegen.lowering;

import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Weight;
import java.util.Optional;

/**
 * How a weight is kept.
 *
 * @param weight with its storage
 * @param geometry of its tiles, if it lies in tiles
 * @param why it is kept so, in full sentences
 */
public record Kept(Weight weight, Optional<TileGeometry> geometry, String why) {}
