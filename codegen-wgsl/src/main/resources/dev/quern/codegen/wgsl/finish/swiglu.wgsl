// Stores silu(gate) * up for two rows of one token: the gates stand in x and y, the ups in z and w.
// binds: y
fn finish(token: u32, group: u32, lane: u32, value: vec4f) {
    let gate = value.xy;
    let gated = gate / (vec2f(1.0) + exp(-gate)) * value.zw;
    for (var which = 0u; which < 2u; which++) {
        let row = (group * 2u + which) * 8u + lane;
        if (row < ROWS / 2u) {
            y[token * (ROWS / 2u) + row] = gated[which];
        }
    }
}
