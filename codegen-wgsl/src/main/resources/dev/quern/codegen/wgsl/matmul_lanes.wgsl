// y[token, row] = sum_k weight[row, k] * x[token, k] for four tokens at a time: lanes and tiles as in matvec_lanes, each block of
// weights decoded once for the four tokens. Rows of x and y beyond the last token are read and written as they come.
// links: block, texel, codec, input, reduce, spread, rows, finish
struct Four {
    sums: vec4f,
    squares: f32,
}

fn accumulate(before: Four, token: u32, quarter: u32, a: Block, b: Block, c: Block, d: Block) -> Four {
    let own = input(token, quarter);
    let elements = spread(gained(own, quarter));
    let sums = vec4f(
        dot_blocks(a, elements), dot_blocks(b, elements), dot_blocks(c, elements), dot_blocks(d, elements));
    return Four(before.sums + sums, before.squares + dot(own, own));
}

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let group = group_id.x;
    let token = group_id.y * 4u;
    let row0 = tile_of(group, 0u) * TILE_TEXELS + lane;
    let row1 = tile_of(group, 1u) * TILE_TEXELS + lane;
    let row2 = tile_of(group, 2u) * TILE_TEXELS + lane;
    let row3 = tile_of(group, 3u) * TILE_TEXELS + lane;
    var t0 = Four();
    var t1 = Four();
    var t2 = Four();
    var t3 = Four();
    var at = 0u;
    for (var first = 0u; first < BLOCKS; first += CHUNK) {
        let head0 = header(row0 + at);
        let head1 = header(row1 + at);
        let head2 = header(row2 + at);
        let head3 = header(row3 + at);
        at += 8u * HEADER;
        let count = min(CHUNK, BLOCKS - first);
        for (var index = 0u; index < count; index++) {
            let quarter = (first + index) * 8u + lane;
            let a = load_block(head0, index, row0 + at);
            let b = load_block(head1, index, row1 + at);
            let c = load_block(head2, index, row2 + at);
            let d = load_block(head3, index, row3 + at);
            t0 = accumulate(t0, token, quarter, a, b, c, d);
            t1 = accumulate(t1, token + 1u, quarter, a, b, c, d);
            t2 = accumulate(t2, token + 2u, quarter, a, b, c, d);
            t3 = accumulate(t3, token + 3u, quarter, a, b, c, d);
            at += 8u * QUANTS;
        }
    }
    finish(token, group, lane, t0.sums * normalise(sum_of_lanes(t0.squares)));
    finish(token + 1u, group, lane, t1.sums * normalise(sum_of_lanes(t1.squares)));
    finish(token + 2u, group, lane, t2.sums * normalise(sum_of_lanes(t2.squares)));
    finish(token + 3u, group, lane, t3.sums * normalise(sum_of_lanes(t3.squares)));
}
