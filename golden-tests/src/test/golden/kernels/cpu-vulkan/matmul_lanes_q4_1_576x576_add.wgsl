const ROWS: u32 = 576u;
const COLUMNS: u32 = 576u;
const BLOCKS: u32 = 18u;
const TILES: u32 = 72u;
const TILE_TEXELS: u32 = 184u;
const TOKENS: u32 = 8u;
@group(0) @binding(0) var weights: texture_storage_2d<rgba32uint, read>;
@group(0) @binding(1) var<uniform> x: array<vec4f, 2304>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

fn point(index: u32, column: u32, part0: f32) -> f32 {
    return y[index] + part0;
}

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

// A weight in a storage texture of rgba32uint, 4096 texels a row.
// binds: weights
fn texel(index: u32) -> vec4u {
    return textureLoad(weights, vec2u(index & 4095u, index >> 12u));
}

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

// q4_1: w = d * q + m. A header texel holds (d, m) of four blocks.
// links: texel, nibbles
const HEADER: u32 = 1u;
const CHUNK: u32 = 4u;

struct Header {
    scales: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at));
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let scale = unpack2x16float(word_of(head.scales, index));
    return scaled(load_quants(at), scale.x, scale.y);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = unpack2x16float(word_of(head.scales, index));
    return scale.x * dot_quants(at, x, sum) + scale.y * sum;
}

// The input of a matrix kernel as it is.
// binds: x
fn input(token: u32, index: u32) -> vec4f {
    if (COLUMNS % 32u != 0u && index >= COLUMNS / 4u) {
        return vec4f();
    }
    return x[token * (COLUMNS / 4u) + index];
}

fn gained(own: vec4f, index: u32) -> vec4f {
    return own;
}

fn normalise(squares: f32) -> f32 {
    return 1.0;
}

// Four tiles of eight rows, one after another.
// links: point
// binds: y
const TILES_OF_GROUP: u32 = 4u;

fn tile_of(group: u32, which: u32) -> u32 {
    return min(group * 4u + which, TILES - 1u);
}

// Four rows of one token, one of each tile; rows that the last tile lacks are not stored.
fn finish(token: u32, group: u32, lane: u32, value: vec4f) {
    for (var which = 0u; which < 4u; which++) {
        let row = (group * 4u + which) * 8u + lane;
        if (row < ROWS) {
            let index = token * ROWS + row;
            y[index] = point(index, row, value[which]);
        }
    }
}

// Eight neighbouring lanes of a subgroup work as one. Their number is the workgroup's size, so any subgroup of at least eight
// lanes serves.
fn sum_of_lanes(value: f32) -> f32 {
    let a = value + subgroupShuffleXor(value, 1u);
    let b = a + subgroupShuffleXor(a, 2u);
    return b + subgroupShuffleXor(b, 4u);
}

fn max_of_lanes(value: f32) -> f32 {
    let a = max(value, subgroupShuffleXor(value, 1u));
    let b = max(a, subgroupShuffleXor(a, 2u));
    return max(b, subgroupShuffleXor(b, 4u));
}

// links: block
// Lane q holds elements 4q to 4q + 3 of a block; afterwards every lane holds them all.
fn spread(own: vec4f) -> Block {
    return Block(
        subgroupBroadcast(own, 0u), subgroupBroadcast(own, 1u), subgroupBroadcast(own, 2u), subgroupBroadcast(own, 3u),
        subgroupBroadcast(own, 4u), subgroupBroadcast(own, 5u), subgroupBroadcast(own, 6u), subgroupBroadcast(own, 7u));
}

// y[token, row] = sum_k weight[row, k] * x[token, k] for TOKENS tokens at a time: lanes and tiles as in matvec_lanes, each block of
// weights decoded once for all tokens. Rows of x and y beyond the last token are read and written as they come.
// links: block, texel, codec, input, reduce, spread, rows, finish
struct Sums {
    rows: vec4f,
    squares: f32,
}

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let group = group_id.x;
    let token = group_id.y * TOKENS;
    let row0 = tile_of(group, 0u) * TILE_TEXELS + lane;
    let row1 = tile_of(group, 1u) * TILE_TEXELS + lane;
    let row2 = tile_of(group, 2u) * TILE_TEXELS + lane;
    let row3 = tile_of(group, 3u) * TILE_TEXELS + lane;
    var sums = array<Sums, TOKENS>();
    var at = 0u;
    for (var first = 0u; first < BLOCKS; first += CHUNK) {
        let head0 = header(row0 + at);
        let head1 = header(row1 + at);
        let head2 = header(row2 + at);
        let head3 = header(row3 + at);
        at += 8u * HEADER;
        let count = min(CHUNK, BLOCKS - first);
        for (var index = 0u; index < count; index++) {
            let quarter = (first + index) * 8u + lane;
            let a = load_block(head0, index, row0 + at);
            let b = load_block(head1, index, row1 + at);
            let c = load_block(head2, index, row2 + at);
            let d = load_block(head3, index, row3 + at);
            for (var each = 0u; each < TOKENS; each++) {
                let own = input(token + each, quarter);
                let elements = spread(gained(own, quarter));
                sums[each].rows += vec4f(
                    dot_blocks(a, elements), dot_blocks(b, elements), dot_blocks(c, elements), dot_blocks(d, elements));
                sums[each].squares += dot(own, own);
            }
            at += 8u * QUANTS;
        }
    }
    for (var each = 0u; each < TOKENS; each++) {
        finish(token + each, group, lane, sums[each].rows * normalise(sum_of_lanes(sums[each].squares)));
    }
}
