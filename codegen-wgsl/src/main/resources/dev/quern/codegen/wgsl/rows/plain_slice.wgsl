// gives: rows
// Four tiles of eight rows, one after another, whose first is column FIRST of a result of WIDTH.
// links: point
// binds: y
const TILES_OF_GROUP: u32 = 4u;

fn tile_of(group: u32, which: u32) -> u32 {
    return min(group * 4u + which, TILES - 1u);
}

// Four rows of one token, one of each tile; rows that the last tile lacks are not stored.
fn finish(token: u32, group: u32, lane: u32, value: vec4f) {
    for (var which = 0u; which < 4u; which++) {
        let row = (group * 4u + which) * 8u + lane;
        if (row < ROWS) {
            let column = FIRST + row;
            let index = token * WIDTH + column;
            y[index] = point(index, column, value[which]);
        }
    }
}
