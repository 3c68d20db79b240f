// gives: two_bits
// Bits of elements in pairs, in the texels of a header.

// Two bits of each of sixteen elements: bits 2 * part and the next of byte k of a word belong to element 4 * part + k.
fn two_bits(word: u32, part: u32) -> u32 {
    return (word >> (2u * part)) & 0x03030303u;
}

// Two of the four words of a texel: those of block `index`, two blocks to a texel.
fn pair_of(words: vec4u, index: u32) -> vec2u {
    return select(words.xy, words.zw, (index & 1u) != 0u);
}
