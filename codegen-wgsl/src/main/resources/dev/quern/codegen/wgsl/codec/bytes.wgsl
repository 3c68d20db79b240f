// gives: bytes
// Quants of up to seven bits, one in each byte of a word.
//
// A byte is not shifted down: masked in place it is q * 256^p for place p, and `prepare` has divided x by 256^p. Powers of two are
// exact.
// links: affine
const PLACES = vec4f(1.0, 0x1p-8, 0x1p-16, 0x1p-24);

fn bytes(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) & vec4u(0x7fu, 0x7f00u, 0x7f0000u, 0x7f000000u)));
}

// The sum of q * x for quants as `bytes` gives them, of x as `prepare` gives it.
fn dot_bytes(q: Block, x: Block, sum: f32) -> f32 {
    return dot_blocks(q, x);
}

// d * q + m for quants as `bytes` gives them.
fn scaled(q: Block, d: f32, m: f32) -> Block {
    return affine(q, PLACES * d, m);
}

fn prepare(own: vec4f, quarter: u32) -> vec4f {
    return own * PLACES;
}
