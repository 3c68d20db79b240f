// Tiles of eight rows, one after another.
// links: sums, put
fn tile_of(group: u32, index: u32) -> u32 {
    return min(group * GROUP_TILES + index, TILES - 1u);
}

fn finish(token: u32, group: u32, lane: u32, sums: Sums, factor: f32) {
    var left = sums;
    for (var index = 0u; index < GROUP_TILES; index++) {
        put(token, group * GROUP_TILES + index, lane, first_of(left) * factor);
        left = turned(left, vec2f());
    }
}
