// Stores the rows of one token.
// links: sums
// binds: y
fn put(token: u32, tile: u32, lane: u32, value: vec2f) {
    let row = tile * 8u + lane;
    if (row < ROWS) {
        y[token * ROWS + row] = value.x;
    }
    if (row + 4u < ROWS) {
        y[token * ROWS + row + 4u] = value.y;
    }
}

fn finish(token: u32, group: u32, lane: u32, sums: Sums, factor: f32) {
    let tile = (group + 1u) * GROUP_TILES;
    if (GROUP_TILES == 8u) {
        put(token, tile - 8u, lane, sums.s0 * factor);
        put(token, tile - 7u, lane, sums.s1 * factor);
    }
    if (GROUP_TILES >= 6u) {
        put(token, tile - 6u, lane, sums.s2 * factor);
        put(token, tile - 5u, lane, sums.s3 * factor);
    }
    put(token, tile - 4u, lane, sums.s4 * factor);
    put(token, tile - 3u, lane, sums.s5 * factor);
    put(token, tile - 2u, lane, sums.s6 * factor);
    put(token, tile - 1u, lane, sums.s7 * factor);
}
