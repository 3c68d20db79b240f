// Tiles of the gate's rows, then as many of the same rows of the up projection, which begin half way.
// links: sums, put
const HALF: u32 = GROUP_TILES / 2u;

fn tile_of(group: u32, index: u32) -> u32 {
    let up = index >= HALF;
    let tile = group * HALF + select(index, index - HALF, up);
    return min(tile, TILES / 2u - 1u) + select(0u, TILES / 2u, up);
}

fn finish(token: u32, group: u32, lane: u32, sums: Sums, factor: f32) {
    var gates = sums;
    var ups = sums;
    for (var index = 0u; index < HALF; index++) {
        ups = turned(ups, vec2f());
    }
    for (var index = 0u; index < HALF; index++) {
        put(token, group * HALF + index, lane, first_of(gates) * factor, first_of(ups) * factor);
        gates = turned(gates, vec2f());
        ups = turned(ups, vec2f());
    }
}
