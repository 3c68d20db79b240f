// y[token, row] = sum_k weight[row, k] * x[token, k], one token of the grid's second axis: as in `matmul_group`, but a workgroup of
// LANES lanes owns eight tiles of eight rows, so that a lane reads and prepares x for eight rows instead of four. Lane l works on
// row l % 8 of each tile and on every (LANES / 8)th block from block l / 8; the partial sums meet in workgroup memory.
// links: texel, codec, input, block_of_input, rows, finish
const PARTS: u32 = LANES / 8u;

// Of all lanes the sums of the first four tiles, then those of the other four.
var<workgroup> partial_sums: array<vec4f, 2u * LANES>;
var<workgroup> partial_squares: array<f32, PARTS>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let first = 2u * group_id.x;
    let token = group_id.y;
    let lane_row = lane & 7u;
    let part = lane >> 3u;
    let row0 = tile_of(first, 0u) * TILE_TEXELS + lane_row;
    let row1 = tile_of(first, 1u) * TILE_TEXELS + lane_row;
    let row2 = tile_of(first, 2u) * TILE_TEXELS + lane_row;
    let row3 = tile_of(first, 3u) * TILE_TEXELS + lane_row;
    let row4 = tile_of(first + 1u, 0u) * TILE_TEXELS + lane_row;
    let row5 = tile_of(first + 1u, 1u) * TILE_TEXELS + lane_row;
    let row6 = tile_of(first + 1u, 2u) * TILE_TEXELS + lane_row;
    let row7 = tile_of(first + 1u, 3u) * TILE_TEXELS + lane_row;
    var low = vec4f();
    var high = vec4f();
    var squares = 0.0;
    for (var block = part; block < BLOCKS; block += PARTS) {
        let chunk = block / CHUNK;
        let index = block - chunk * CHUNK;
        let head = 8u * chunk * (HEADER + CHUNK * QUANTS);
        let at = head + 8u * (HEADER + index * QUANTS);
        let own = block_of_input(token, block);
        squares += own.squares;
        low += vec4f(
            dot_block(header(row0 + head), index, row0 + at, own.elements, own.sum),
            dot_block(header(row1 + head), index, row1 + at, own.elements, own.sum),
            dot_block(header(row2 + head), index, row2 + at, own.elements, own.sum),
            dot_block(header(row3 + head), index, row3 + at, own.elements, own.sum));
        high += vec4f(
            dot_block(header(row4 + head), index, row4 + at, own.elements, own.sum),
            dot_block(header(row5 + head), index, row5 + at, own.elements, own.sum),
            dot_block(header(row6 + head), index, row6 + at, own.elements, own.sum),
            dot_block(header(row7 + head), index, row7 + at, own.elements, own.sum));
    }
    partial_sums[lane] = low;
    partial_sums[LANES + lane] = high;
    if (lane_row == 0u) {
        partial_squares[part] = squares;
    }
    workgroupBarrier();
    // Eight lanes finish the first four tiles, eight the other four.
    if (lane < 16u) {
        let half = lane >> 3u;
        var total = vec4f();
        var total_squares = 0.0;
        for (var other = 0u; other < PARTS; other++) {
            total += partial_sums[half * LANES + other * 8u + lane_row];
            total_squares += partial_squares[other];
        }
        finish(token, first + half, lane_row, total * normalise(total_squares));
    }
}
