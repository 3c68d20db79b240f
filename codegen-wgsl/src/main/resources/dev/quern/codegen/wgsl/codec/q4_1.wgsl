// q4_1: w = d * q + m. A header texel holds (d, m) of four blocks; a texel of quants holds a block, element i in the low
// nibble of byte i, element 16 + i in its high nibble.
//
// A nibble is not shifted down: masked in place it is q * 16^p for position p, and `prepare` has divided x by 16^p. Powers
// of two are exact. Only the topmost nibble is shifted, since its sign bit would not survive the conversion.
// links: texel
const HEADER: u32 = 1u;
const QUANTS: u32 = 1u;
const CHUNK: u32 = 4u;

struct Header {
    scales: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at));
}

fn low_nibbles(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) & vec4u(0xfu, 0xf00u, 0xf0000u, 0xf000000u)));
}

fn high_nibbles(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(vec3u(word) & vec3u(0xf0u, 0xf000u, 0xf00000u), word >> 28u)));
}

const LOW_SCALE = vec4f(1.0, 0x1p-8, 0x1p-16, 0x1p-24);
const HIGH_SCALE = vec4f(0x1p-4, 0x1p-12, 0x1p-20, 1.0);

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let scale = unpack2x16float(word_of(head.scales, index));
    let q = texel(at);
    let low = LOW_SCALE * scale.x;
    let high = HIGH_SCALE * scale.x;
    let m = vec4f(scale.y);
    return Block(
        fma(low_nibbles(q.x), low, m), fma(low_nibbles(q.y), low, m), fma(low_nibbles(q.z), low, m), fma(low_nibbles(q.w), low, m),
        fma(high_nibbles(q.x), high, m), fma(high_nibbles(q.y), high, m),
        fma(high_nibbles(q.z), high, m), fma(high_nibbles(q.w), high, m));
}

// The factors of x[4 * quarter .. 4 * quarter + 3] that `dot_block` expects.
fn prepare(own: vec4f, quarter: u32) -> vec4f {
    return own * select(HIGH_SCALE, LOW_SCALE, quarter < 4u);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = unpack2x16float(word_of(head.scales, index));
    let q = texel(at);
    let nibbles = Block(
        low_nibbles(q.x), low_nibbles(q.y), low_nibbles(q.z), low_nibbles(q.w),
        high_nibbles(q.x), high_nibbles(q.y), high_nibbles(q.z), high_nibbles(q.w));
    let product = dot_blocks(nibbles, x);
    return scale.x * product + scale.y * sum;
}
