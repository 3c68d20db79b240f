// Tiles of eight rows, one after another, whose first is column FIRST of a result of WIDTH.
// links: sums, point
// binds: y
fn tile_of(group: u32, index: u32) -> u32 {
    return min(group * GROUP_TILES + index, TILES - 1u);
}

// One row of one token; rows that a tile lacks are not stored.
fn put(token: u32, row: u32, value: f32) {
    if (row < ROWS) {
        let column = FIRST + row;
        let index = token * WIDTH + column;
        y[index] = point(index, column, value);
    }
}

fn finish(token: u32, group: u32, lane: u32, sums: Sums, factor: f32) {
    var left = sums;
    for (var index = 0u; index < GROUP_TILES; index++) {
        let value = first_of(left) * factor;
        let row = (group * GROUP_TILES + index) * 8u + lane;
        put(token, row, value.x);
        put(token, row + 4u, value.y);
        left = turned(left, vec2f());
    }
}
