// gives: codec
// q4_k: w = d * scale * q - dmin * minimum, with six bits of scale and minimum for each block. A header texel holds those of the
// eight blocks of a superblock.
// links: texel, nibbles, six_bit_scales
const HEADER: u32 = 1u;
const CHUNK: u32 = 8u;

struct Header {
    scales: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at));
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let scale = six_bit_scales(head.scales, index);
    return scaled(load_quants(at), scale.x, scale.y);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = six_bit_scales(head.scales, index);
    return scale.x * dot_quants(at, x, sum) + scale.y * sum;
}
