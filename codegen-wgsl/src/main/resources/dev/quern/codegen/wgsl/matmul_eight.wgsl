// y[token, row] = sum_k weight[row, k] * x[token, k], one token of the grid's second axis: as in `matmul_group`, but a workgroup of
// LANES lanes owns eight tiles of eight rows, so that a lane reads and prepares x for eight rows instead of four. Lane l works on
// row l % 8 of each tile and on every (LANES / 8)th block from block l / 8; the partial sums meet in workgroup memory.
// links: block, texel, codec, input, rows, finish
const PARTS: u32 = LANES / 8u;

// Of all lanes the sums of the first four tiles, then those of the other four.
var<workgroup> partial_sums: array<vec4f, 2u * LANES>;
var<workgroup> partial_squares: array<f32, PARTS>;

fn sum_of_block(block: Block) -> f32 {
    let sum = ((block.e0 + block.e1) + (block.e2 + block.e3)) + ((block.e4 + block.e5) + (block.e6 + block.e7));
    return (sum.x + sum.y) + (sum.z + sum.w);
}

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
        let quarter = block * 8u;
        // No loop stands around these loads, so that all are asked for before the first is waited for.
        let own = Block(
            input(token, quarter), input(token, quarter + 1u), input(token, quarter + 2u), input(token, quarter + 3u),
            input(token, quarter + 4u), input(token, quarter + 5u), input(token, quarter + 6u), input(token, quarter + 7u));
        squares += dot_blocks(own, own);
        let gains = Block(
            gained(own.e0, quarter), gained(own.e1, quarter + 1u), gained(own.e2, quarter + 2u), gained(own.e3, quarter + 3u),
            gained(own.e4, quarter + 4u), gained(own.e5, quarter + 5u), gained(own.e6, quarter + 6u), gained(own.e7, quarter + 7u));
        let sum = sum_of_block(gains);
        let elements = Block(
            prepare(gains.e0, 0u), prepare(gains.e1, 1u), prepare(gains.e2, 2u), prepare(gains.e3, 3u),
            prepare(gains.e4, 4u), prepare(gains.e5, 5u), prepare(gains.e6, 6u), prepare(gains.e7, 7u));
        low += vec4f(
            dot_block(header(row0 + head), index, row0 + at, elements, sum),
            dot_block(header(row1 + head), index, row1 + at, elements, sum),
            dot_block(header(row2 + head), index, row2 + at, elements, sum),
            dot_block(header(row3 + head), index, row3 + at, elements, sum));
        high += vec4f(
            dot_block(header(row4 + head), index, row4 + at, elements, sum),
            dot_block(header(row5 + head), index, row5 + at, elements, sum),
            dot_block(header(row6 + head), index, row6 + at, elements, sum),
            dot_block(header(row7 + head), index, row7 + at, elements, sum));
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
