// q4_0: w = d * (q - 8). A header texel holds d of eight blocks; a texel of quants holds a block, element i in the low
// nibble of byte i, element 16 + i in its high nibble. Nibbles are masked in place: see q4_1.
// links: texel
const HEADER: u32 = 1u;
const QUANTS: u32 = 1u;
const CHUNK: u32 = 8u;

struct Header {
    scales: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at));
}

fn scale_of(head: Header, index: u32) -> f32 {
    return unpack2x16float(half_of(head.scales, index)).x;
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
    let d = scale_of(head, index);
    let q = texel(at);
    let low = LOW_SCALE * d;
    let high = HIGH_SCALE * d;
    let m = vec4f(-8.0 * d);
    return Block(
        fma(low_nibbles(q.x), low, m), fma(low_nibbles(q.y), low, m), fma(low_nibbles(q.z), low, m), fma(low_nibbles(q.w), low, m),
        fma(high_nibbles(q.x), high, m), fma(high_nibbles(q.y), high, m),
        fma(high_nibbles(q.z), high, m), fma(high_nibbles(q.w), high, m));
}

fn prepare(own: vec4f, quarter: u32) -> vec4f {
    return own * select(HIGH_SCALE, LOW_SCALE, quarter < 4u);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let q = texel(at);
    let nibbles = Block(
        low_nibbles(q.x), low_nibbles(q.y), low_nibbles(q.z), low_nibbles(q.w),
        high_nibbles(q.x), high_nibbles(q.y), high_nibbles(q.z), high_nibbles(q.w));
    let product = dot_blocks(nibbles, x);
    return scale_of(head, index) * (product - 8.0 * sum);
}
