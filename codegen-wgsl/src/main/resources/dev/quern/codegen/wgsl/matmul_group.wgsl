// y[token, row] = sum_k weight[row, k] * x[token, k], one token of the grid's second axis: a workgroup of LANES lanes owns four
// tiles of eight rows. Lane l works on row l % 8 of each tile and on every (LANES / 8)th block from block l / 8; the partial sums
// meet in workgroup memory.
// links: texel, codec, input, block_of_input, rows, finish
const PARTS: u32 = LANES / 8u;

var<workgroup> partial_sums: array<vec4f, LANES>;
var<workgroup> partial_squares: array<f32, PARTS>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let group = group_id.x;
    let token = group_id.y;
    let lane_row = lane & 7u;
    let part = lane >> 3u;
    let row0 = tile_of(group, 0u) * TILE_TEXELS + lane_row;
    let row1 = tile_of(group, 1u) * TILE_TEXELS + lane_row;
    let row2 = tile_of(group, 2u) * TILE_TEXELS + lane_row;
    let row3 = tile_of(group, 3u) * TILE_TEXELS + lane_row;
    var sums = vec4f();
    var squares = 0.0;
    for (var block = part; block < BLOCKS; block += PARTS) {
        let chunk = block / CHUNK;
        let index = block - chunk * CHUNK;
        let head = 8u * chunk * (HEADER + CHUNK * QUANTS);
        let at = head + 8u * (HEADER + index * QUANTS);
        let own = block_of_input(token, block);
        squares += own.squares;
        sums += vec4f(
            dot_block(header(row0 + head), index, row0 + at, own.elements, own.sum),
            dot_block(header(row1 + head), index, row1 + at, own.elements, own.sum),
            dot_block(header(row2 + head), index, row2 + at, own.elements, own.sum),
            dot_block(header(row3 + head), index, row3 + at, own.elements, own.sum));
    }
    partial_sums[lane] = sums;
    if (lane_row == 0u) {
        partial_squares[part] = squares;
    }
    workgroupBarrier();
    if (lane < 8u) {
        var total = vec4f();
        var total_squares = 0.0;
        for (var other = 0u; other < PARTS; other++) {
            total += partial_sums[other * 8u + lane];
            total_squares += partial_squares[other];
        }
        finish(token, group, lane, total * normalise(total_squares));
    }
}
