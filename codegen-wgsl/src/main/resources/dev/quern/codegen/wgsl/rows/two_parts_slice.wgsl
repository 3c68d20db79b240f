// gives: rows
// Two tiles of the first part's rows, then the two tiles of the same rows of the second part, which begins half way;
// the first is column FIRST of a result of WIDTH.
// links: point
// binds: y
const TILES_OF_GROUP: u32 = 2u;

fn tile_of(group: u32, which: u32) -> u32 {
    return min(group * 2u + (which & 1u), TILES / 2u - 1u) + select(0u, TILES / 2u, which >= 2u);
}

// Two rows of one token: their first parts stand in x and y, their second parts in z and w.
fn finish(token: u32, group: u32, lane: u32, value: vec4f) {
    for (var which = 0u; which < 2u; which++) {
        let row = (group * 2u + which) * 8u + lane;
        if (row < ROWS / 2u) {
            let column = FIRST + row;
            let index = token * WIDTH + column;
            y[index] = point(index, column, value[which], value[which + 2u]);
        }
    }
}
