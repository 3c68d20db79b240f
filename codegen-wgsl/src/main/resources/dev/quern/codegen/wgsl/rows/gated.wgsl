// gives: rows
// Two tiles of the gate's rows, then the two tiles of the same rows of the up projection, which begin half way.
const TILES_OF_GROUP: u32 = 2u;

fn tile_of(group: u32, which: u32) -> u32 {
    return min(group * 2u + (which & 1u), TILES / 2u - 1u) + select(0u, TILES / 2u, which >= 2u);
}
