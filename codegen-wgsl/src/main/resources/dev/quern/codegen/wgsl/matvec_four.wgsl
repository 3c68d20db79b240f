// y[row] = sum_k weight[row, k] * x[k], one token: a workgroup is four lanes of one subgroup, each the owner of two rows in each of
// GROUP_TILES tiles. Two blocks of x at a time are handed round once and meet all these rows.
// links: block, step, input, quants, tile_of, sums, finish
fn step_product(tile: Anchor, row: u32, step: Step, first: Input, second: Input) -> f32 {
    let scales = step_scales(tile, row, step);
    return scaled_sum(scales, 0u, dot_blocks(quants_of(scales, tile, row, step, 0u), first.elements), first)
        + scaled_sum(scales, 1u, dot_blocks(quants_of(scales, tile, row, step, 1u), second.elements), second);
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let group = group_id.x;
    var sums = Sums();
    var squares = 0.0;
    for (var pair = 0u; pair < PAIRS; pair++) {
        let block = 2u * pair;
        let own_first = own_elements(0u, block, lane);
        let own_second = own_elements(0u, block + 1u, lane);
        squares += squares_of(own_first) + squares_of(own_second);
        let first = input_of(gained(own_first, gains_of(block, lane)), lane);
        let second = input_of(gained(own_second, gains_of(block + 1u, lane)), lane);
        let step = step_at(block);
        for (var index = 0u; index < GROUP_TILES; index++) {
            let tile = anchor_at(tile_of(group, index) * TILE_TEXELS + step.head);
            let near = step_product(tile, lane, step, first, second);
            let far = step_product(tile, lane + 4u, step, first, second);
            sums = turned(sums, first_of(sums) + vec2f(near, far));
        }
    }
    finish(0u, group, lane, sums, normalise(subgroupAdd(squares)));
}
