// gives: codec
// f32: eight texels hold the 32 elements of a block.
// links: texel, floats
const QUANTS: u32 = 8u;

fn load_block(head: Header, index: u32, at: u32) -> Block {
    return Block(
        bitcast<vec4f>(texel(at)), bitcast<vec4f>(texel(at + 8u)),
        bitcast<vec4f>(texel(at + 16u)), bitcast<vec4f>(texel(at + 24u)),
        bitcast<vec4f>(texel(at + 32u)), bitcast<vec4f>(texel(at + 40u)),
        bitcast<vec4f>(texel(at + 48u)), bitcast<vec4f>(texel(at + 56u)));
}
