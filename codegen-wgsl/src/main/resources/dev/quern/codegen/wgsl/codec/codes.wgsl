// gives: codes
// Codes of four bits, each of which stands for a number: a texel holds a block, element i in the low nibble of byte i, element 16 + i
// in its high nibble.
// links: texel, values_of
const QUANTS: u32 = 1u;

fn load_values(at: u32) -> Block {
    let low = texel(at);
    let high = low >> vec4u(4u);
    return Block(
        values_of(low.x), values_of(low.y), values_of(low.z), values_of(low.w),
        values_of(high.x), values_of(high.y), values_of(high.z), values_of(high.w));
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    return affine(load_values(at), vec4f(scale_of(head, index)), 0.0);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    return scale_of(head, index) * dot_blocks(load_values(at), x);
}
