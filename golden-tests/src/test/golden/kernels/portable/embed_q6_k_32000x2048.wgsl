const ROWS: u32 = 32000u;
const COLUMNS: u32 = 2048u;
const BLOCKS: u32 = 64u;
const TILES: u32 = 4000u;
const TILE_TEXELS: u32 = 896u;
const LANES: u32 = 64u;
@group(0) @binding(0) var<storage, read> weights: array<vec4u>;
@group(0) @binding(1) var<storage, read> tokens: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

// Thirty-two consecutive elements of a row, four to a vector: e3 holds elements 12 to 15.
struct Block {
    e0: vec4f,
    e1: vec4f,
    e2: vec4f,
    e3: vec4f,
    e4: vec4f,
    e5: vec4f,
    e6: vec4f,
    e7: vec4f,
}

// A sum of products in fused steps: drivers fuse `fma`, but not what `dot` expands to.
fn dot_blocks(a: Block, b: Block) -> f32 {
    var sum = a.e0 * b.e0;
    sum = fma(a.e1, b.e1, sum);
    sum = fma(a.e2, b.e2, sum);
    sum = fma(a.e3, b.e3, sum);
    sum = fma(a.e4, b.e4, sum);
    sum = fma(a.e5, b.e5, sum);
    sum = fma(a.e6, b.e6, sum);
    sum = fma(a.e7, b.e7, sum);
    return (sum.x + sum.y) + (sum.z + sum.w);
}

// The 16-bit half `index` of four words, two to a word, low half first.
fn half_of(words: vec4u, index: u32) -> u32 {
    let low = select(words.x, words.y, (index & 2u) != 0u);
    let high = select(words.z, words.w, (index & 2u) != 0u);
    let word = select(low, high, (index & 4u) != 0u);
    return select(word & 0xffffu, word >> 16u, (index & 1u) != 0u);
}

// Word `index` of four.
fn word_of(words: vec4u, index: u32) -> u32 {
    let low = select(words.x, words.y, (index & 1u) != 0u);
    let high = select(words.z, words.w, (index & 1u) != 0u);
    return select(low, high, (index & 2u) != 0u);
}

// d * q + m, element by element.
fn affine(q: Block, d: vec4f, m: f32) -> Block {
    let term = vec4f(m);
    return Block(
        fma(q.e0, d, term), fma(q.e1, d, term), fma(q.e2, d, term), fma(q.e3, d, term),
        fma(q.e4, d, term), fma(q.e5, d, term), fma(q.e6, d, term), fma(q.e7, d, term));
}

// A weight in a storage buffer.
// binds: weights
fn texel(index: u32) -> vec4u {
    return weights[index];
}

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

// Bits of elements in pairs, in the texels of a header.

// Two bits of each of sixteen elements: bits 2 * part and the next of byte k of a word belong to element 4 * part + k.
fn two_bits(word: u32, part: u32) -> u32 {
    return (word >> (2u * part)) & 0x03030303u;
}

// Two of the four words of a texel: those of block `index`, two blocks to a texel.
fn pair_of(words: vec4u, index: u32) -> vec2u {
    return select(words.xy, words.zw, (index & 1u) != 0u);
}

// Scales for sixteen elements, two in a block: the first for e0 to e3, the second for e4 to e7. The quants are those of
// bytes_in_halves.
// links: bytes

// d * q + m.
fn scaled_sixteens(q: Block, d: vec2f, m: vec2f) -> Block {
    let a = vec4f(128.0 * d.x);
    let b = vec4f(128.0 * d.y);
    let c = vec4f(m.x - 128.0 * d.x);
    let e = vec4f(m.y - 128.0 * d.y);
    return Block(
        fma(q.e0, a, c), fma(q.e1, a, c), fma(q.e2, a, c), fma(q.e3, a, c),
        fma(q.e4, b, e), fma(q.e5, b, e), fma(q.e6, b, e), fma(q.e7, b, e));
}

// The sum of d * q * x; `sums` are those of x over the two halves.
fn dot_sixteens(q: Block, x: Block, d: vec2f, sums: vec2f) -> f32 {
    let low = fma(q.e3, x.e3, fma(q.e2, x.e2, fma(q.e1, x.e1, q.e0 * x.e0)));
    let high = fma(q.e7, x.e7, fma(q.e6, x.e6, fma(q.e5, x.e5, q.e4 * x.e4)));
    let of_ones = vec2f((low.x + low.y) + (low.z + low.w), (high.x + high.y) + (high.z + high.w));
    return 128.0 * dot(d, of_ones - sums);
}

// The sums of x over the two halves; `sum` is that over both.
fn sums_of_sixteens(x: Block, sum: f32) -> vec2f {
    let all = (x.e0 + x.e1) + (x.e2 + x.e3);
    let low = (all.x + all.y) + (all.z + all.w);
    return vec2f(low, sum - low);
}

// q6_k: w = d * scale * (q - 32), with a signed byte of scale for sixteen elements. Of the six header texels the first holds the
// sixteen scales of a superblock, the second d, each of the others the upper two bits of two blocks, two words a block. A texel of
// quants holds the lower four bits, element i in the low nibble of byte i, element 16 + i in its high nibble.
//
// Per superblock 14 bytes, those behind d, are padding.
// links: texel, bytes, two_bits, sixteens
const HEADER: u32 = 6u;
const QUANTS: u32 = 1u;
const CHUNK: u32 = 8u;

struct Header {
    scales: vec4u,
    d: f32,
}

fn header(at: u32) -> Header {
    return Header(texel(at), unpack2x16float(texel(at + 8u).x).x);
}

// d * scale of the two halves of a block.
fn scales_of(head: Header, index: u32) -> vec2f {
    let pair = vec2i(vec2u(half_of(head.scales, index)) << vec2u(24u, 16u)) >> vec2u(24u);
    return head.d * vec2f(pair);
}

fn six_bits(word: u32, upper: u32, part: u32) -> vec4f {
    return bytes((word & 0x0f0f0f0fu) | (two_bits(upper, part) << 4u));
}

fn load_quants(index: u32, at: u32) -> Block {
    let low = texel(at);
    let high = low >> vec4u(4u);
    let upper = pair_of(texel(at - 8u * (4u + index - index / 2u)), index);
    return Block(
        six_bits(low.x, upper.x, 0u), six_bits(low.y, upper.x, 1u),
        six_bits(low.z, upper.x, 2u), six_bits(low.w, upper.x, 3u),
        six_bits(high.x, upper.y, 0u), six_bits(high.y, upper.y, 1u),
        six_bits(high.z, upper.y, 2u), six_bits(high.w, upper.y, 3u));
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let scale = scales_of(head, index);
    return scaled_sixteens(load_quants(index, at), scale, -32.0 * scale);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = scales_of(head, index);
    let sums = sums_of_sixteens(x, sum);
    return dot_sixteens(load_quants(index, at), x, scale, sums) - 32.0 * dot(scale, sums);
}

// y[i, :] = table[tokens[i], :], decoded: a workgroup is a token, a lane every LANESth block of its row. A token outside of the
// table reads the table's last row.
// links: block, texel, codec
// binds: weights, tokens, y
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let token = group_id.x;
    let row = min(tokens[token], ROWS - 1u);
    let base = (row >> 3u) * TILE_TEXELS + (row & 7u);
    for (var block = lane; block < BLOCKS; block += LANES) {
        let chunk = block / CHUNK;
        let index = block - chunk * CHUNK;
        let head = base + 8u * chunk * (HEADER + CHUNK * QUANTS);
        let elements = load_block(header(head), index, head + 8u * (HEADER + index * QUANTS));
        let at = block * 8u;
        store(token, at, elements.e0);
        store(token, at + 1u, elements.e1);
        store(token, at + 2u, elements.e2);
        store(token, at + 3u, elements.e3);
        store(token, at + 4u, elements.e4);
        store(token, at + 5u, elements.e5);
        store(token, at + 6u, elements.e6);
        store(token, at + 7u, elements.e7);
    }
}

fn store(token: u32, index: u32, value: vec4f) {
    if (index < COLUMNS / 4u) {
        y[token * (COLUMNS / 4u) + index] = value;
    }
}
