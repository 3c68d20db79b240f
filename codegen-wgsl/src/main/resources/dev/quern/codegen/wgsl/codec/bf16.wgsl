// bf16: four texels hold the 32 elements of a block, two to a word; there is no header.
// links: texel
const HEADER: u32 = 0u;
const QUANTS: u32 = 4u;
const CHUNK: u32 = 1u;

struct Header {
    none: u32,
}

fn header(at: u32) -> Header {
    return Header(0u);
}

fn four(low: u32, high: u32) -> vec4f {
    return bitcast<vec4f>(vec4u(low << 16u, low & 0xffff0000u, high << 16u, high & 0xffff0000u));
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let a = texel(at);
    let b = texel(at + 8u);
    let c = texel(at + 16u);
    let d = texel(at + 24u);
    return Block(
        four(a.x, a.y), four(a.z, a.w), four(b.x, b.y), four(b.z, b.w),
        four(c.x, c.y), four(c.z, c.w), four(d.x, d.y), four(d.z, d.w));
}

fn prepare(own: vec4f, quarter: u32) -> vec4f {
    return own;
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    return dot_blocks(load_block(head, index, at), x);
}
