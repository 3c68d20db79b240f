// gives: input
// Two blocks of the input, handed round among the four lanes of a workgroup, which are in one subgroup whatever its size.
// links: block, quants, element

// What a lane owns of a block: the elements 4q + lane, q from 0 to 3 and from 4 to 7.
struct Own {
    low: vec4f,
    high: vec4f,
}

// A block of the input: its elements as `dot_blocks` is to meet them, their sum, and what masked quants need added to the product.
struct Input {
    elements: Block,
    sum: f32,
    correction: f32,
}

fn own_elements(token: u32, block: u32, lane: u32) -> Own {
    let at = block * 32u + lane;
    return Own(
        vec4f(element(token, at), element(token, at + 4u), element(token, at + 8u), element(token, at + 12u)),
        vec4f(element(token, at + 16u), element(token, at + 20u), element(token, at + 24u), element(token, at + 28u)));
}

fn squares_of(own: Own) -> f32 {
    return dot(own.low, own.low) + dot(own.high, own.high);
}

fn shared_among_lanes(own: f32) -> vec4f {
    return vec4f(
        subgroupBroadcast(own, 0u), subgroupBroadcast(own, 1u), subgroupBroadcast(own, 2u), subgroupBroadcast(own, 3u));
}

fn input_of(own: Own, lane: u32) -> Input {
    let placed = placed_for_quants(own, lane);
    return Input(
        Block(
            shared_among_lanes(placed.low.x), shared_among_lanes(placed.low.y),
            shared_among_lanes(placed.low.z), shared_among_lanes(placed.low.w),
            shared_among_lanes(placed.high.x), shared_among_lanes(placed.high.y),
            shared_among_lanes(placed.high.z), shared_among_lanes(placed.high.w)),
        subgroupAdd(dot(own.low + own.high, vec4f(1.0))),
        subgroupAdd(correction_of(own, lane)));
}
