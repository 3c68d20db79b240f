// y[token, row] = sum_k weight[row, k] * x[token, k] for many tokens: a workgroup of 64 lanes serves 64 rows and 32 tokens. For each
// block of 32 columns a lane decodes one row of weights and brings half a row of x, and weights are so decoded once for 32 tokens.
// Then lane l sums row l % 8 of each of eight tiles, for every eighth token from l / 8 on. Tokens behind the last that there may be
// read its row, and are not stored.
// links: block, texel, codec, input, tile, rows, finish
fn finish_token(token: u32, group: u32, row: u32, sums: Sums) {
    if (token < TOKENS) {
        let slot = 2u * (token % TILE_TOKENS);
        let factor = normalise(square_tile[slot] + square_tile[slot + 1u]);
        finish(token, 2u * group, row, sums.low * factor);
        finish(token, 2u * group + 1u, row, sums.high * factor);
    }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let group = group_id.x;
    let first_token = group_id.y * TILE_TOKENS;
    let row = lane & 7u;
    let column = lane >> 3u;
    // What the lane brings: a row of one of the eight tiles, and half a block of one token.
    let own_row = tile_of(2u * group + (lane >> 5u), (lane >> 3u) & 3u) * TILE_TEXELS + row;
    let own_token = min(first_token + (lane >> 1u), TOKENS - 1u);
    let own_half = (lane & 1u) * 4u;
    let own_slot = own_half * TILE_TOKENS + (lane >> 1u);
    var squares = 0.0;
    var sums0 = Sums();
    var sums1 = Sums();
    var sums2 = Sums();
    var sums3 = Sums();
    for (var block = 0u; block < BLOCKS; block++) {
        let chunk = block / CHUNK;
        let index = block - chunk * CHUNK;
        let head = 8u * chunk * (HEADER + CHUNK * QUANTS);
        let at = head + 8u * (HEADER + index * QUANTS);
        let quarter = block * 8u + own_half;
        let x0 = input(own_token, quarter);
        let x1 = input(own_token, quarter + 1u);
        let x2 = input(own_token, quarter + 2u);
        let x3 = input(own_token, quarter + 3u);
        let weights_of_row = load_block(header(own_row + head), index, own_row + at);
        squares += (dot(x0, x0) + dot(x1, x1)) + (dot(x2, x2) + dot(x3, x3));
        workgroupBarrier();
        keep_weights(lane, weights_of_row);
        input_tile[own_slot] = gained(x0, quarter);
        input_tile[own_slot + TILE_TOKENS] = gained(x1, quarter + 1u);
        input_tile[own_slot + 2u * TILE_TOKENS] = gained(x2, quarter + 2u);
        input_tile[own_slot + 3u * TILE_TOKENS] = gained(x3, quarter + 3u);
        workgroupBarrier();
        for (var four = 0u; four < 8u; four++) {
            let rows = rows_at(four, row);
            let slot = four * TILE_TOKENS + column;
            sums0 = with_products(sums0, rows, input_tile[slot]);
            sums1 = with_products(sums1, rows, input_tile[slot + 8u]);
            sums2 = with_products(sums2, rows, input_tile[slot + 16u]);
            sums3 = with_products(sums3, rows, input_tile[slot + 24u]);
        }
    }
    square_tile[lane] = squares;
    workgroupBarrier();
    finish_token(first_token + column, group, row, sums0);
    finish_token(first_token + column + 8u, group, row, sums1);
    finish_token(first_token + column + 16u, group, row, sums2);
    finish_token(first_token + column + 24u, group, row, sums3);
}
