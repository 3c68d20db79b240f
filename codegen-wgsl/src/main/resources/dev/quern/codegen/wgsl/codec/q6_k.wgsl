// gives: codec
// q6_k: w = d * scale * (q - 32), with a signed byte of scale for sixteen elements. Of the six header texels the first holds the
// sixteen scales of a superblock, the second d, each of the others the upper two bits of two blocks, two words a block. A texel of
// quants holds the lower four bits, element i in the low nibble of byte i, element 16 + i in its high nibble.
//
// Per superblock 14 bytes, those behind d, are padding.
// links: texel, bytes, two_bits, sixteens
const HEADER: u32 = 6u;
const QUANTS: u32 = 1u;
const CHUNK: u32 = 8u;

struct Header {
    scales: vec4u,
    d: f32,
}

fn header(at: u32) -> Header {
    return Header(texel(at), unpack2x16float(texel(at + 8u).x).x);
}

// d * scale of the two halves of a block.
fn scales_of(head: Header, index: u32) -> vec2f {
    let pair = vec2i(vec2u(half_of(head.scales, index)) << vec2u(24u, 16u)) >> vec2u(24u);
    return head.d * vec2f(pair);
}

fn six_bits(word: u32, upper: u32, part: u32) -> vec4f {
    return bytes((word & 0x0f0f0f0fu) | (two_bits(upper, part) << 4u));
}

fn load_quants(index: u32, at: u32) -> Block {
    let low = texel(at);
    let high = low >> vec4u(4u);
    let upper = pair_of(texel(at - 8u * (4u + index - index / 2u)), index);
    return Block(
        six_bits(low.x, upper.x, 0u), six_bits(low.y, upper.x, 1u),
        six_bits(low.z, upper.x, 2u), six_bits(low.w, upper.x, 3u),
        six_bits(high.x, upper.y, 0u), six_bits(high.y, upper.y, 1u),
        six_bits(high.z, upper.y, 2u), six_bits(high.w, upper.y, 3u));
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let scale = scales_of(head, index);
    return scaled_sixteens(load_quants(index, at), scale, -32.0 * scale);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = scales_of(head, index);
    let sums = sums_of_sixteens(x, sum);
    return dot_sixteens(load_quants(index, at), x, scale, sums) - 32.0 * dot(scale, sums);
}
