// y[row] = sum_k weight[row, k] * x[k], one token: a workgroup is eight lanes side by side, each the owner of one row in each of
// four tiles. Lane q reads elements 4q to 4q + 3 of a block of x and hands them round.
// links: block, texel, codec, input, reduce, spread, rows, finish
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let group = group_id.x;
    let row0 = tile_of(group, 0u) * TILE_TEXELS + lane;
    let row1 = tile_of(group, 1u) * TILE_TEXELS + lane;
    let row2 = tile_of(group, 2u) * TILE_TEXELS + lane;
    let row3 = tile_of(group, 3u) * TILE_TEXELS + lane;
    var sums = vec4f();
    var squares = 0.0;
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
            let own = input(0u, quarter);
            squares += dot(own, own);
            let scaled = gained(own, quarter);
            let sum = sum_of_lanes(dot(scaled, vec4f(1.0)));
            let elements = spread(prepare(scaled, lane));
            sums += vec4f(
                dot_block(head0, index, row0 + at, elements, sum),
                dot_block(head1, index, row1 + at, elements, sum),
                dot_block(head2, index, row2 + at, elements, sum),
                dot_block(head3, index, row3 + at, elements, sum));
            at += 8u * QUANTS;
        }
    }
    finish(0u, group, lane, sums * normalise(sum_of_lanes(squares)));
}
