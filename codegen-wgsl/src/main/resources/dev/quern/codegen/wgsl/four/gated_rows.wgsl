// Tiles of the gate's rows, then as many of the same rows of the up projection, which begin half way.
fn tile_of(group: u32, index: u32) -> u32 {
    const HALF = GROUP_TILES / 2u;
    let up = index >= HALF;
    let tile = group * HALF + select(index, index - HALF, up);
    return min(tile, TILES / 2u - 1u) + select(0u, TILES / 2u, up);
}
