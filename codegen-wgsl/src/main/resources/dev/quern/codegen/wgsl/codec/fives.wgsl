// gives: fives
// Quants of five bits: a texel holds the lower four bits of a block, element i in the low nibble of byte i, element 16 + i in its
// high nibble; a word of the header holds the fifth bits, bit p of byte k for element 4p + k.
// links: texel, bytes
const QUANTS: u32 = 1u;

// Elements 4 * part to 4 * part + 3, of which `word` has the low nibbles of its bytes.
fn five_bits(word: u32, fifth: u32, part: u32) -> vec4f {
    return bytes((word & 0x0f0f0f0fu) | (((fifth >> part) & 0x01010101u) << 4u));
}

fn load_quants(at: u32, fifth: u32) -> Block {
    let low = texel(at);
    let high = low >> vec4u(4u);
    return Block(
        five_bits(low.x, fifth, 0u), five_bits(low.y, fifth, 1u),
        five_bits(low.z, fifth, 2u), five_bits(low.w, fifth, 3u),
        five_bits(high.x, fifth, 4u), five_bits(high.y, fifth, 5u),
        five_bits(high.z, fifth, 6u), five_bits(high.w, fifth, 7u));
}
