// Stores four rows of one token.
// binds: y
fn finish(token: u32, group: u32, lane: u32, value: vec4f) {
    for (var which = 0u; which < 4u; which++) {
        let row = (group * 4u + which) * 8u + lane;
        if (row < ROWS) {
            y[token * ROWS + row] = value[which];
        }
    }
}
