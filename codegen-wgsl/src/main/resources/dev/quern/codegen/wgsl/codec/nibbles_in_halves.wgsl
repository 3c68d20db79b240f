// gives: nibbles
// Quants of four bits: a texel holds a block, element i in the low nibble of byte i, element 16 + i in its high nibble.
//
// A nibble is moved to the upper bits of the fraction of a half whose exponent is that of 1, which so becomes 1 + q / 16: two at a
// time, one in each half of a word. GPUs multiply a half by a float without converting it first, where a masked integer must be
// converted. The sum of the ones is that of x, and is taken off once for a block.
// links: texel, affine
const QUANTS: u32 = 1u;

// Nibbles at bits 6 to 9 of both halves of a word.
fn pair_in_halves(word: u32) -> vec2f {
    return unpack2x16float((word & 0x03c003c0u) | 0x3c003c00u);
}

fn low_nibbles(word: u32) -> vec4f {
    return vec4f(pair_in_halves(word << 6u), pair_in_halves(word >> 2u)).xzyw;
}

fn high_nibbles(word: u32) -> vec4f {
    return vec4f(pair_in_halves(word << 2u), pair_in_halves(word >> 6u)).xzyw;
}

// Of each quant of a block 1 + q / 16.
fn load_quants(at: u32) -> Block {
    let q = texel(at);
    return Block(
        low_nibbles(q.x), low_nibbles(q.y), low_nibbles(q.z), low_nibbles(q.w),
        high_nibbles(q.x), high_nibbles(q.y), high_nibbles(q.z), high_nibbles(q.w));
}

// The sum of q * x; `sum` is that of x.
fn dot_quants(at: u32, x: Block, sum: f32) -> f32 {
    return 16.0 * (dot_blocks(load_quants(at), x) - sum);
}

// d * q + m for quants as `load_quants` gives them.
fn scaled(q: Block, d: f32, m: f32) -> Block {
    return affine(q, vec4f(16.0 * d), m - 16.0 * d);
}

fn prepare(own: vec4f, quarter: u32) -> vec4f {
    return own;
}
