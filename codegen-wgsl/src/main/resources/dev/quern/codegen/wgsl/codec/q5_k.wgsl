// gives: codec
// q5_k: w = d * scale * q - dmin * minimum, with six bits of scale and minimum for each block. Of the three header texels the first
// holds those of the eight blocks of a superblock, the others their words of fifth bits.
// links: texel, fives, six_bit_scales
const HEADER: u32 = 3u;
const CHUNK: u32 = 8u;

struct Header {
    scales: vec4u,
    fifth_low: vec4u,
    fifth_high: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at), texel(at + 8u), texel(at + 16u));
}

fn fifth_of(head: Header, index: u32) -> u32 {
    return select(word_of(head.fifth_low, index), word_of(head.fifth_high, index), index >= 4u);
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let scale = six_bit_scales(head.scales, index);
    return scaled(load_quants(at, fifth_of(head, index)), scale.x, scale.y);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = six_bit_scales(head.scales, index);
    return scale.x * dot_bytes(load_quants(at, fifth_of(head, index)), x, sum) + scale.y * sum;
}
