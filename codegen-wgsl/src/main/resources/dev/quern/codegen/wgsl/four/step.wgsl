// gives: step
// Pairs of blocks in a row. Loops count by ones: compilers of WGSL that must prove that a loop ends add a counter to others.
const PAIRS: u32 = (BLOCKS + 1u) / 2u;

// Where two neighbouring blocks lie in every tile: steps of a walk along the columns.
struct Step {
    // The texel of the tile's first header of their chunk, and which of the chunk's blocks is the first of the two.
    head: u32,
    index: u32,
    // How many texels behind a row's header the first block's quants lie, and behind those the second's: none, where the row has no
    // second.
    quants: u32,
    next: u32,
}

fn step_at(first: u32) -> Step {
    let chunk = first / CHUNK;
    let index = first - chunk * CHUNK;
    let head = 8u * chunk * (HEADER + CHUNK * QUANTS);
    let next = select(8u * QUANTS, 0u, BLOCKS % 2u != 0u && first + 1u == BLOCKS);
    return Step(head, index, 8u * (HEADER + index * QUANTS), next);
}
