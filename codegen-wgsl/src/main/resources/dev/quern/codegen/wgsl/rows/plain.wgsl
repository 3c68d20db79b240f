// gives: rows
// Four tiles of eight rows, one after another.
const TILES_OF_GROUP: u32 = 4u;

fn tile_of(group: u32, which: u32) -> u32 {
    return min(group * 4u + which, TILES - 1u);
}
