// Floats of 16 bits: four texels hold the 32 elements of a block, two to a word, the first in the low half.
// links: texel, floats, four
const QUANTS: u32 = 4u;

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let a = texel(at);
    let b = texel(at + 8u);
    let c = texel(at + 16u);
    let d = texel(at + 24u);
    return Block(
        four(a.x, a.y), four(a.z, a.w), four(b.x, b.y), four(b.z, b.w),
        four(c.x, c.y), four(c.z, c.w), four(d.x, d.y), four(d.z, d.w));
}
