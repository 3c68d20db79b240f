// gives: codec
// q3_k: w = d * (scale - 32) * (q - 4), with six bits of scale for sixteen elements. Of the seven header texels the first holds the
// scales of a superblock in twelve bytes, then d; each of the next four the lower two bits of two blocks, two words a block; each of
// the last two the third bits of four blocks, a word a block: bit p of byte k for element 4p + k. Of scale j, byte j % 8 of the twelve
// has the lower four bits, in its nibble j / 8, and byte 8 + j % 4 the upper two, from bit 2 * (j / 4).
//
// Per superblock 2 bytes, those behind d, are padding.
// links: texel, bytes, two_bits, sixteens
const HEADER: u32 = 7u;
const QUANTS: u32 = 0u;
const CHUNK: u32 = 8u;

struct Header {
    scales: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at));
}

// d * (scale - 32) of the two halves of a block.
fn scales_of(head: Header, index: u32) -> vec2f {
    let place = vec2u(0u, 8u) + 16u * (index & 1u);
    let lower = select(head.scales.x, head.scales.y, (index & 2u) != 0u) >> (4u * (index >> 2u));
    let upper = head.scales.z >> (2u * (index >> 1u));
    let six = ((vec2u(lower) >> place) & vec2u(0xfu)) | (((vec2u(upper) >> place) & vec2u(3u)) << vec2u(4u));
    return unpack2x16float(head.scales.w).x * vec2f(vec2i(six) - 32);
}

fn three_bits(lower: u32, third: u32, half: u32, part: u32) -> vec4f {
    return bytes(two_bits(lower, part) | (((third >> (4u * half + part)) & 0x01010101u) << 2u));
}

fn load_quants(index: u32, at: u32) -> Block {
    let lower = pair_of(texel(at - 8u * (6u - index / 2u)), index);
    let third = word_of(texel(at - 8u * (2u - index / 4u)), index);
    return Block(
        three_bits(lower.x, third, 0u, 0u), three_bits(lower.x, third, 0u, 1u),
        three_bits(lower.x, third, 0u, 2u), three_bits(lower.x, third, 0u, 3u),
        three_bits(lower.y, third, 1u, 0u), three_bits(lower.y, third, 1u, 1u),
        three_bits(lower.y, third, 1u, 2u), three_bits(lower.y, third, 1u, 3u));
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let scale = scales_of(head, index);
    return scaled_sixteens(load_quants(index, at), scale, -4.0 * scale);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = scales_of(head, index);
    let sums = sums_of_sixteens(x, sum);
    return dot_sixteens(load_quants(index, at), x, scale, sums) - 4.0 * dot(scale, sums);
}
