// y[token, row] = sum_k weight[row, k] * x[token, k] for TOKENS tokens at a time: lanes and tiles as in matvec_lanes, each block of
// weights decoded once for all tokens. Rows of x and y beyond the last token are read and written as they come.
// links: block, texel, codec, input, reduce, spread, rows, finish
struct Sums {
    rows: vec4f,
    squares: f32,
}

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let group = group_id.x;
    let token = group_id.y * TOKENS;
    let row0 = tile_of(group, 0u) * TILE_TEXELS + lane;
    let row1 = tile_of(group, 1u) * TILE_TEXELS + lane;
    let row2 = tile_of(group, 2u) * TILE_TEXELS + lane;
    let row3 = tile_of(group, 3u) * TILE_TEXELS + lane;
    var sums = array<Sums, TOKENS>();
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
            for (var each = 0u; each < TOKENS; each++) {
                let own = input(token + each, quarter);
                let elements = spread(gained(own, quarter));
                sums[each].rows += vec4f(
                    dot_blocks(a, elements), dot_blocks(b, elements), dot_blocks(c, elements), dot_blocks(d, elements));
                sums[each].squares += dot(own, own);
            }
            at += 8u * QUANTS;
        }
    }
    for (var each = 0u; each < TOKENS; each++) {
        finish(token + each, group, lane, sums[each].rows * normalise(sum_of_lanes(sums[each].squares)));
    }
}
