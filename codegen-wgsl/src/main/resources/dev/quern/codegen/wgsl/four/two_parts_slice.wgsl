// Tiles of the first part's rows, then as many of the same rows of the second part, which begins half way; the
// first is column FIRST of a result of WIDTH.
// links: sums, point
// binds: y
const HALF: u32 = GROUP_TILES / 2u;

fn tile_of(group: u32, index: u32) -> u32 {
    let second = index >= HALF;
    let tile = group * HALF + select(index, index - HALF, second);
    return min(tile, TILES / 2u - 1u) + select(0u, TILES / 2u, second);
}

// One row of one token; rows that a tile lacks are not stored.
fn put(token: u32, row: u32, first: f32, second: f32) {
    if (row < ROWS / 2u) {
        let column = FIRST + row;
        let index = token * WIDTH + column;
        y[index] = point(index, column, first, second);
    }
}

fn finish(token: u32, group: u32, lane: u32, sums: Sums, factor: f32) {
    var firsts = sums;
    var seconds = sums;
    for (var index = 0u; index < HALF; index++) {
        seconds = turned(seconds, vec2f());
    }
    for (var index = 0u; index < HALF; index++) {
        let first = first_of(firsts) * factor;
        let second = first_of(seconds) * factor;
        let row = (group * HALF + index) * 8u + lane;
        put(token, row, first.x, second.x);
        put(token, row + 4u, first.y, second.y);
        firsts = turned(firsts, vec2f());
        seconds = turned(seconds, vec2f());
    }
}
