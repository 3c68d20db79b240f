// gives: block_of_input
// A block of the input as a product takes it. No loop stands around the loads, so that all are asked for before the first is waited
// for.
// links: block, prepare, input, gained
struct InputBlock {
    elements: Block,
    sum: f32,
    squares: f32,
}

fn sum_of_block(block: Block) -> f32 {
    let sum = ((block.e0 + block.e1) + (block.e2 + block.e3)) + ((block.e4 + block.e5) + (block.e6 + block.e7));
    return (sum.x + sum.y) + (sum.z + sum.w);
}

fn block_of_input(token: u32, block: u32) -> InputBlock {
    let quarter = block * 8u;
    let own = Block(
        input(token, quarter), input(token, quarter + 1u), input(token, quarter + 2u), input(token, quarter + 3u),
        input(token, quarter + 4u), input(token, quarter + 5u), input(token, quarter + 6u), input(token, quarter + 7u));
    let gains = Block(
        gained(own.e0, quarter), gained(own.e1, quarter + 1u), gained(own.e2, quarter + 2u), gained(own.e3, quarter + 3u),
        gained(own.e4, quarter + 4u), gained(own.e5, quarter + 5u), gained(own.e6, quarter + 6u), gained(own.e7, quarter + 7u));
    let elements = Block(
        prepare(gains.e0, 0u), prepare(gains.e1, 1u), prepare(gains.e2, 2u), prepare(gains.e3, 3u),
        prepare(gains.e4, 4u), prepare(gains.e5, 5u), prepare(gains.e6, 6u), prepare(gains.e7, 7u));
    return InputBlock(elements, sum_of_block(gains), dot_blocks(own, own));
}
