// y[token, row] = sum_k weight[row, k] * x[token, k] for four tokens at a time: lanes and tiles as in matvec_four, each block of
// weights read once for the four tokens. Rows of x and y beyond the last token are read and written as they come.
// links: block, step, input, quants, tile_of, sums, finish
struct Four {
    a: Input,
    b: Input,
    c: Input,
    d: Input,
}

fn scaled_sums(scales: Scales, which: u32, quants: Block, x: Four) -> vec4f {
    return vec4f(
        scaled_sum(scales, which, dot_blocks(quants, x.a.elements), x.a),
        scaled_sum(scales, which, dot_blocks(quants, x.b.elements), x.b),
        scaled_sum(scales, which, dot_blocks(quants, x.c.elements), x.c),
        scaled_sum(scales, which, dot_blocks(quants, x.d.elements), x.d));
}

fn step_products(tile: Anchor, row: u32, step: Step, first: Four, second: Four) -> vec4f {
    let scales = step_scales(tile, row, step);
    return scaled_sums(scales, 0u, quants_of(scales, tile, row, step, 0u), first)
        + scaled_sums(scales, 1u, quants_of(scales, tile, row, step, 1u), second);
}

// One block of the input, of four tokens.
fn four_inputs(a: Own, b: Own, c: Own, d: Own, block: u32, lane: u32) -> Four {
    let gains = gains_of(block, lane);
    return Four(
        input_of(gained(a, gains), lane), input_of(gained(b, gains), lane),
        input_of(gained(c, gains), lane), input_of(gained(d, gains), lane));
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let group = group_id.x;
    let token = group_id.y * 4u;
    var sums0 = Sums();
    var sums1 = Sums();
    var sums2 = Sums();
    var sums3 = Sums();
    var squares = vec4f();
    for (var pair = 0u; pair < PAIRS; pair++) {
        let block = 2u * pair;
        let a0 = own_elements(token, block, lane);
        let b0 = own_elements(token + 1u, block, lane);
        let c0 = own_elements(token + 2u, block, lane);
        let d0 = own_elements(token + 3u, block, lane);
        let a1 = own_elements(token, block + 1u, lane);
        let b1 = own_elements(token + 1u, block + 1u, lane);
        let c1 = own_elements(token + 2u, block + 1u, lane);
        let d1 = own_elements(token + 3u, block + 1u, lane);
        squares += vec4f(squares_of(a0), squares_of(b0), squares_of(c0), squares_of(d0));
        squares += vec4f(squares_of(a1), squares_of(b1), squares_of(c1), squares_of(d1));
        let first = four_inputs(a0, b0, c0, d0, block, lane);
        let second = four_inputs(a1, b1, c1, d1, block + 1u, lane);
        let step = step_at(block);
        for (var index = 0u; index < GROUP_TILES; index++) {
            let tile = anchor_at(tile_of(group, index) * TILE_TEXELS + step.head);
            let near = step_products(tile, lane, step, first, second);
            let far = step_products(tile, lane + 4u, step, first, second);
            sums0 = turned(sums0, first_of(sums0) + vec2f(near.x, far.x));
            sums1 = turned(sums1, first_of(sums1) + vec2f(near.y, far.y));
            sums2 = turned(sums2, first_of(sums2) + vec2f(near.z, far.z));
            sums3 = turned(sums3, first_of(sums3) + vec2f(near.w, far.w));
        }
    }
    let total = subgroupAdd(squares);
    finish(token, group, lane, sums0, normalise(total.x));
    finish(token + 1u, group, lane, sums1, normalise(total.y));
    finish(token + 2u, group, lane, sums2, normalise(total.z));
    finish(token + 3u, group, lane, sums3, normalise(total.w));
}
