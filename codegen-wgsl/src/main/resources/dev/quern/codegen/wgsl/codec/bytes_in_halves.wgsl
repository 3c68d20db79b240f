// gives: bytes
// Quants of up to seven bits, one in each byte of a word.
//
// A byte is moved to the fraction of a half whose exponent is that of 1, which so becomes 1 + q / 128: two at a time, one in each half
// of a word. GPUs multiply a half by a float without converting it first. The sum of the ones is that of x, and is taken off once for
// a block.
// links: affine
fn byte_pair_in_halves(word: u32) -> vec2f {
    return unpack2x16float((word & 0x03f803f8u) | 0x3c003c00u);
}

// Of each byte of a word 1 + q / 128.
fn bytes(word: u32) -> vec4f {
    return vec4f(byte_pair_in_halves(word << 3u), byte_pair_in_halves(word >> 5u)).xzyw;
}

// The sum of q * x for quants as `bytes` gives them; `sum` is that of x.
fn dot_bytes(q: Block, x: Block, sum: f32) -> f32 {
    return 128.0 * (dot_blocks(q, x) - sum);
}

// d * q + m for quants as `bytes` gives them.
fn scaled(q: Block, d: f32, m: f32) -> Block {
    return affine(q, vec4f(128.0 * d), m - 128.0 * d);
}

fn prepare(own: vec4f, quarter: u32) -> vec4f {
    return own;
}
