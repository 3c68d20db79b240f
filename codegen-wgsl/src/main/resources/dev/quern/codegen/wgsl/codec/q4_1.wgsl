// gives: codec
// q4_1: w = d * q + m. A header texel holds (d, m) of four blocks.
// links: texel, nibbles
const HEADER: u32 = 1u;
const CHUNK: u32 = 4u;

struct Header {
    scales: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at));
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let scale = unpack2x16float(word_of(head.scales, index));
    return scaled(load_quants(at), scale.x, scale.y);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = unpack2x16float(word_of(head.scales, index));
    return scale.x * dot_quants(at, x, sum) + scale.y * sum;
}
