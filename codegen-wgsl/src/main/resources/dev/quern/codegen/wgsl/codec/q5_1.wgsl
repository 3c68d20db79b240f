// gives: codec
// q5_1: w = d * q + m. Of the two header texels the first holds (d, m) of four blocks, the second their words of fifth bits.
// links: texel, fives
const HEADER: u32 = 2u;
const CHUNK: u32 = 4u;

struct Header {
    scales: vec4u,
    fifth: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at), texel(at + 8u));
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let scale = unpack2x16float(word_of(head.scales, index));
    return scaled(load_quants(at, word_of(head.fifth, index)), scale.x, scale.y);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = unpack2x16float(word_of(head.scales, index));
    return scale.x * dot_bytes(load_quants(at, word_of(head.fifth, index)), x, sum) + scale.y * sum;
}
