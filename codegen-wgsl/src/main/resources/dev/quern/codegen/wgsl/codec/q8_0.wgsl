// gives: codec
// q8_0: w = d * q, q a signed byte. A header texel holds d of eight blocks; two texels of quants hold a block in order.
// links: texel
const HEADER: u32 = 1u;
const QUANTS: u32 = 2u;
const CHUNK: u32 = 8u;

struct Header {
    scales: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at));
}

fn scale_of(head: Header, index: u32) -> f32 {
    return unpack2x16float(half_of(head.scales, index)).x;
}

fn bytes(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) << vec4u(24u, 16u, 8u, 0u)) >> vec4u(24u));
}

fn load_quants(at: u32) -> Block {
    let a = texel(at);
    let b = texel(at + 8u);
    return Block(bytes(a.x), bytes(a.y), bytes(a.z), bytes(a.w), bytes(b.x), bytes(b.y), bytes(b.z), bytes(b.w));
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    return affine(load_quants(at), vec4f(scale_of(head, index)), 0.0);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    return scale_of(head, index) * dot_blocks(load_quants(at), x);
}
