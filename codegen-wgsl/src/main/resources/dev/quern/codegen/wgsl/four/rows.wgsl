// Tiles of eight rows, one after another.
fn tile_of(group: u32, index: u32) -> u32 {
    return min(group * GROUP_TILES + index, TILES - 1u);
}
