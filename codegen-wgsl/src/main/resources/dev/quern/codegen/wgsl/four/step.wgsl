// Where two neighbouring blocks lie in every tile: steps of a walk along the columns.
struct Step {
    // The texel of their chunk's header, and which of the chunk's blocks is the first of the two.
    head: u32,
    index: u32,
    // The texel of the first block's quants, and how many texels behind it the second's lie: none, where the row has no second.
    quants: u32,
    next: u32,
}

fn step_at(first: u32) -> Step {
    let chunk = first / CHUNK;
    let index = first - chunk * CHUNK;
    let head = 8u * chunk * (HEADER + CHUNK * QUANTS);
    let next = select(8u * QUANTS, 0u, BLOCKS % 2u != 0u && first + 1u == BLOCKS);
    return Step(head, index, head + 8u * (HEADER + index * QUANTS), next);
}
