// f32: eight texels hold the 32 elements of a block; there is no header.
// links: texel
const HEADER: u32 = 0u;
const QUANTS: u32 = 8u;
const CHUNK: u32 = 1u;

struct Header {
    none: u32,
}

fn header(at: u32) -> Header {
    return Header(0u);
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    return Block(
        bitcast<vec4f>(texel(at)), bitcast<vec4f>(texel(at + 8u)),
        bitcast<vec4f>(texel(at + 16u)), bitcast<vec4f>(texel(at + 24u)),
        bitcast<vec4f>(texel(at + 32u)), bitcast<vec4f>(texel(at + 40u)),
        bitcast<vec4f>(texel(at + 48u)), bitcast<vec4f>(texel(at + 56u)));
}

fn prepare(own: vec4f, quarter: u32) -> vec4f {
    return own;
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    return dot_blocks(load_block(head, index, at), x);
}
