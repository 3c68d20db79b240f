// Stores silu(gate) * up for a tile's rows of one token; rows that a tile lacks are not stored.
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
