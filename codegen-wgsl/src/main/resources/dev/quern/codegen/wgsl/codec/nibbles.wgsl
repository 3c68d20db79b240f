// gives: nibbles
// Quants of four bits: a texel holds a block, element i in the low nibble of byte i, element 16 + i in its high nibble.
//
// A nibble is not shifted down: masked in place it is q * 16^p for position p, and `prepare` has divided x by 16^p. Powers of two
// are exact. Only the topmost nibble is shifted, since its sign bit would not survive the conversion.
// links: texel
const QUANTS: u32 = 1u;
const LOW_SCALE = vec4f(1.0, 0x1p-8, 0x1p-16, 0x1p-24);
const HIGH_SCALE = vec4f(0x1p-4, 0x1p-12, 0x1p-20, 1.0);

fn low_nibbles(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) & vec4u(0xfu, 0xf00u, 0xf0000u, 0xf000000u)));
}

fn high_nibbles(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(vec3u(word) & vec3u(0xf0u, 0xf000u, 0xf00000u), word >> 28u)));
}

// The quants of a block, each times the power of 16 that its place gives it.
fn load_quants(at: u32) -> Block {
    let q = texel(at);
    return Block(
        low_nibbles(q.x), low_nibbles(q.y), low_nibbles(q.z), low_nibbles(q.w),
        high_nibbles(q.x), high_nibbles(q.y), high_nibbles(q.z), high_nibbles(q.w));
}

// The sum of q * x, of x as `prepare` gives it.
fn dot_quants(at: u32, x: Block, sum: f32) -> f32 {
    return dot_blocks(load_quants(at), x);
}

// d * q + m for quants as `load_quants` gives them.
fn scaled(q: Block, d: f32, m: f32) -> Block {
    let low = LOW_SCALE * d;
    let high = HIGH_SCALE * d;
    let term = vec4f(m);
    return Block(
        fma(q.e0, low, term), fma(q.e1, low, term), fma(q.e2, low, term), fma(q.e3, low, term),
        fma(q.e4, high, term), fma(q.e5, high, term), fma(q.e6, high, term), fma(q.e7, high, term));
}

// Elements 4 * quarter to 4 * quarter + 3 of x, divided by the powers of 16 of the quants that they meet.
fn prepare(own: vec4f, quarter: u32) -> vec4f {
    return own * select(HIGH_SCALE, LOW_SCALE, quarter < 4u);
}
