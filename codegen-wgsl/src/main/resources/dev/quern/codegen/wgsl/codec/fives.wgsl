// Quants of five bits: a texel holds the lower four bits of a block, element i in the low nibble of byte i, element 16 + i in its
// high nibble; a word of the header holds the fifth bits, bit i for element i.
// links: texel
const QUANTS: u32 = 1u;

// Elements 4 * part to 4 * part + 3: nibbles of `word` from bit `first`, fifth bits from `fifth`.
fn five_bits(word: u32, first: u32, fifth: u32, part: u32) -> vec4f {
    let nibbles = (vec4u(word) >> (vec4u(0u, 8u, 16u, 24u) + first)) & vec4u(0xfu);
    let bits = (vec4u(fifth) >> (vec4u(0u, 1u, 2u, 3u) + 4u * part)) & vec4u(1u);
    return vec4f(vec4i(nibbles | (bits << vec4u(4u))));
}

fn load_quants(at: u32, fifth: u32) -> Block {
    let q = texel(at);
    return Block(
        five_bits(q.x, 0u, fifth, 0u), five_bits(q.y, 0u, fifth, 1u),
        five_bits(q.z, 0u, fifth, 2u), five_bits(q.w, 0u, fifth, 3u),
        five_bits(q.x, 4u, fifth, 4u), five_bits(q.y, 4u, fifth, 5u),
        five_bits(q.z, 4u, fifth, 6u), five_bits(q.w, 4u, fifth, 7u));
}
