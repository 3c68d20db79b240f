// Stores silu(gate) * up for the rows of one token: the tiles of the gate stand before those of the up projection.
// links: sums
// binds: y
fn put(token: u32, tile: u32, lane: u32, gate: vec2f, up: vec2f) {
    let value = gate / (vec2f(1.0) + exp(-gate)) * up;
    let row = tile * 8u + lane;
    if (row < ROWS / 2u) {
        y[token * (ROWS / 2u) + row] = value.x;
    }
    if (row + 4u < ROWS / 2u) {
        y[token * (ROWS / 2u) + row + 4u] = value.y;
    }
}

fn finish(token: u32, group: u32, lane: u32, sums: Sums, factor: f32) {
    let tile = group * (GROUP_TILES / 2u);
    if (GROUP_TILES == 8u) {
        put(token, tile, lane, sums.s0 * factor, sums.s4 * factor);
        put(token, tile + 1u, lane, sums.s1 * factor, sums.s5 * factor);
        put(token, tile + 2u, lane, sums.s2 * factor, sums.s6 * factor);
        put(token, tile + 3u, lane, sums.s3 * factor, sums.s7 * factor);
    }
    if (GROUP_TILES == 6u) {
        put(token, tile, lane, sums.s2 * factor, sums.s5 * factor);
        put(token, tile + 1u, lane, sums.s3 * factor, sums.s6 * factor);
        put(token, tile + 2u, lane, sums.s4 * factor, sums.s7 * factor);
    }
    if (GROUP_TILES == 4u) {
        put(token, tile, lane, sums.s4 * factor, sums.s6 * factor);
        put(token, tile + 1u, lane, sums.s5 * factor, sums.s7 * factor);
    }
}
