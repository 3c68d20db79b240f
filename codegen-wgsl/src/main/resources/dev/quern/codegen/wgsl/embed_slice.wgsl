// y[i, :] = table[tokens[i] - FIRST, :], decoded, for tokens from FIRST on that are rows of this slice of a table of WHOLE; the
// rows of other tokens are left as they are. A workgroup is a token, a lane every LANESth block of its row. A token outside of
// the whole table reads its last row.
// links: block, texel, codec
// binds: weights, tokens, y
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let token = group_id.x;
    let asked = min(tokens[token], WHOLE - 1u);
    if (asked < FIRST || asked - FIRST >= ROWS) {
        return;
    }
    let row = asked - FIRST;
    let base = (row >> 3u) * TILE_TEXELS + (row & 7u);
    for (var block = lane; block < BLOCKS; block += LANES) {
        let chunk = block / CHUNK;
        let index = block - chunk * CHUNK;
        let head = base + 8u * chunk * (HEADER + CHUNK * QUANTS);
        let elements = load_block(header(head), index, head + 8u * (HEADER + index * QUANTS));
        let at = block * 8u;
        store(token, at, elements.e0);
        store(token, at + 1u, elements.e1);
        store(token, at + 2u, elements.e2);
        store(token, at + 3u, elements.e3);
        store(token, at + 4u, elements.e4);
        store(token, at + 5u, elements.e5);
        store(token, at + 6u, elements.e6);
        store(token, at + 7u, elements.e7);
    }
}

fn store(token: u32, index: u32, value: vec4f) {
    if (index < COLUMNS / 4u) {
        y[token * (COLUMNS / 4u) + index] = value;
    }
}
