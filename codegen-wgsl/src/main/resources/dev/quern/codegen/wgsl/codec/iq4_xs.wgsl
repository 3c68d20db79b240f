// gives: codec
// iq4_xs: w = d * (scale - 32) * number of the code, with six bits of scale for each block. A header texel holds those of two
// superblocks, each in two words: d as a half, then the upper two bits of its eight scales, then their lower four bits.
// links: texel, codes, iq4
const HEADER: u32 = 1u;
const CHUNK: u32 = 16u;

struct Header {
    scales: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at));
}

fn scale_of(head: Header, index: u32) -> f32 {
    let words = select(head.scales.xy, head.scales.zw, index >= 8u);
    let block = index & 7u;
    let lower = (words.y >> (4u * block)) & 0xfu;
    let upper = (words.x >> (16u + 2u * block)) & 3u;
    return unpack2x16float(words.x).x * f32(i32(lower | (upper << 4u)) - 32);
}
