// Adds a tile's rows of one token to the residual, in place; rows that a tile lacks are not stored.
// binds: y
fn put(token: u32, tile: u32, lane: u32, value: vec2f) {
    let row = tile * 8u + lane;
    if (row < ROWS) {
        y[token * ROWS + row] += value.x;
    }
    if (row + 4u < ROWS) {
        y[token * ROWS + row + 4u] += value.y;
    }
}
