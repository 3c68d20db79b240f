// q5_0: w = d * (q - 16), q of five bits. Of the three header texels the first holds d of eight blocks, the others the eight
// words of fifth bits, bit i for element i; a texel of quants holds a block, element i in the low nibble of byte i, element
// 16 + i in its high nibble.
// links: texel
const HEADER: u32 = 3u;
const QUANTS: u32 = 1u;
const CHUNK: u32 = 8u;

struct Header {
    scales: vec4u,
    fifth_low: vec4u,
    fifth_high: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at), texel(at + 8u), texel(at + 16u));
}

// Elements 4 * part .. 4 * part + 3: nibbles of `word` from bit `first`, fifth bits from `fifth`.
fn five_bits(word: u32, first: u32, fifth: u32, part: u32) -> vec4f {
    let nibbles = (vec4u(word) >> (vec4u(0u, 8u, 16u, 24u) + first)) & vec4u(0xfu);
    let bits = (vec4u(fifth) >> (vec4u(0u, 1u, 2u, 3u) + 4u * part)) & vec4u(1u);
    return vec4f(vec4i(nibbles | (bits << vec4u(4u))));
}

fn load_quants(head: Header, index: u32, at: u32) -> Block {
    let q = texel(at);
    let fifth = select(word_of(head.fifth_low, index), word_of(head.fifth_high, index), index >= 4u);
    return Block(
        five_bits(q.x, 0u, fifth, 0u), five_bits(q.y, 0u, fifth, 1u),
        five_bits(q.z, 0u, fifth, 2u), five_bits(q.w, 0u, fifth, 3u),
        five_bits(q.x, 4u, fifth, 4u), five_bits(q.y, 4u, fifth, 5u),
        five_bits(q.z, 4u, fifth, 6u), five_bits(q.w, 4u, fifth, 7u));
}

fn scale_of(head: Header, index: u32) -> f32 {
    return unpack2x16float(half_of(head.scales, index)).x;
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let d = scale_of(head, index);
    let m = vec4f(-16.0 * d);
    let q = load_quants(head, index, at);
    return Block(q.e0 * d + m, q.e1 * d + m, q.e2 * d + m, q.e3 * d + m, q.e4 * d + m, q.e5 * d + m, q.e6 * d + m, q.e7 * d + m);
}

fn prepare(own: vec4f, quarter: u32) -> vec4f {
    return own;
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    return scale_of(head, index) * (dot_blocks(load_quants(head, index, at), x) - 16.0 * sum);
}
