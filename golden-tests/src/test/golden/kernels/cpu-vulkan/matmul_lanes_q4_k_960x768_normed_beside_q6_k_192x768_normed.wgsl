const GROUP_LANES: u32 = 8u;
const ROWS_0: u32 = 960u;
const COLUMNS: u32 = 768u;
const BLOCKS: u32 = 24u;
const TILES_0: u32 = 120u;
const TILE_TEXELS_0: u32 = 216u;
const EPSILON: f32 = 1.0E-5f;
const TOKENS: u32 = 8u;
const GROUPS_0: u32 = 30u;
const ROWS_1: u32 = 192u;
const TILES_1: u32 = 24u;
const TILE_TEXELS_1: u32 = 336u;
@group(0) @binding(0) var weights_0: texture_storage_2d<rgba32uint, read>;
@group(0) @binding(1) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(2) var<uniform> gain: array<vec4f, 192>;
@group(0) @binding(3) var<storage, read_write> y_0: array<f32>;
@group(0) @binding(4) var weights_1: texture_storage_2d<rgba32uint, read>;
@group(0) @binding(5) var<storage, read_write> y_1: array<f32>;

fn point(index: u32, column: u32, part0: f32) -> f32 {
    return part0;
}

// A weight in a storage texture of rgba32uint, 4096 texels a row.
// binds: weights_0
fn texel_0(index: u32) -> vec4u {
    return textureLoad(weights_0, vec2u(index & 4095u, index >> 12u));
}

// Quants of four bits: a texel holds a block, element i in the low nibble of byte i, element 16 + i in its high nibble.
//
// A nibble is not shifted down: masked in place it is q * 16^p for position p, and `prepare` has divided x by 16^p. Powers of two
// are exact. Only the topmost nibble is shifted, since its sign bit would not survive the conversion.
// links: texel_0
const QUANTS_0: u32 = 1u;
const LOW_SCALE_0 = vec4f(1.0, 0x1p-8, 0x1p-16, 0x1p-24);
const HIGH_SCALE_0 = vec4f(0x1p-4, 0x1p-12, 0x1p-20, 1.0);

fn low_nibbles_0(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) & vec4u(0xfu, 0xf00u, 0xf0000u, 0xf000000u)));
}

fn high_nibbles_0(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(vec3u(word) & vec3u(0xf0u, 0xf000u, 0xf00000u), word >> 28u)));
}

// The quants of a block, each times the power of 16 that its place gives it.
fn load_quants_0(at: u32) -> Block {
    let q = texel_0(at);
    return Block(
        low_nibbles_0(q.x), low_nibbles_0(q.y), low_nibbles_0(q.z), low_nibbles_0(q.w),
        high_nibbles_0(q.x), high_nibbles_0(q.y), high_nibbles_0(q.z), high_nibbles_0(q.w));
}

// The sum of q * x, of x as `prepare` gives it.
fn dot_quants_0(at: u32, x: Block, sum: f32) -> f32 {
    return dot_blocks(load_quants_0(at), x);
}

// d * q + m for quants as `load_quants` gives them.
fn scaled_0(q: Block, d: f32, m: f32) -> Block {
    let low = LOW_SCALE_0 * d;
    let high = HIGH_SCALE_0 * d;
    let term = vec4f(m);
    return Block(
        fma(q.e0, low, term), fma(q.e1, low, term), fma(q.e2, low, term), fma(q.e3, low, term),
        fma(q.e4, high, term), fma(q.e5, high, term), fma(q.e6, high, term), fma(q.e7, high, term));
}

// Elements 4 * quarter to 4 * quarter + 3 of x, divided by the powers of 16 of the quants that they meet.
fn prepare_0(own: vec4f, quarter: u32) -> vec4f {
    return own * select(HIGH_SCALE_0, LOW_SCALE_0, quarter < 4u);
}

// Scales and minima of six bits for the eight blocks of a superblock. A header texel: d and dmin as halves; then bytes s0 to s3,
// m0 to m3 and t0 to t3. Of blocks j below 4, the scale is the lower six bits of s_j, the minimum those of m_j. Of block 4 + j, the
// lower four bits of the scale are the low nibble of t_j, those of the minimum its high nibble; the upper two bits are those of
// s_j and m_j.

// (d * scale, -dmin * minimum) of block `index`.
fn six_bit_scales_0(words: vec4u, index: u32) -> vec2f {
    let bytes_of = words.yzw >> vec3u(8u * (index & 3u));
    let first = bytes_of.xy & vec2u(0x3fu);
    let later = ((vec2u(bytes_of.z) >> vec2u(0u, 4u)) & vec2u(0xfu)) | ((bytes_of.xy >> vec2u(2u)) & vec2u(0x30u));
    return unpack2x16float(words.x) * vec2f(vec2i(select(first, later, index >= 4u))) * vec2f(1.0, -1.0);
}

// q4_k: w = d * scale * q - dmin * minimum, with six bits of scale and minimum for each block. A header texel holds those of the
// eight blocks of a superblock.
// links: texel_0, nibbles_0, six_bit_scales_0
const HEADER_0: u32 = 1u;
const CHUNK_0: u32 = 8u;

struct Header_0 {
    scales: vec4u,
}

fn header_0(at: u32) -> Header_0 {
    return Header_0(texel_0(at));
}

fn load_block_0(head: Header_0, index: u32, at: u32) -> Block {
    let scale = six_bit_scales_0(head.scales, index);
    return scaled_0(load_quants_0(at), scale.x, scale.y);
}

fn dot_block_0(head: Header_0, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = six_bit_scales_0(head.scales, index);
    return scale.x * dot_quants_0(at, x, sum) + scale.y * sum;
}

// Four tiles of eight rows, one after another.
// links: point
// binds: y_0
const TILES_OF_GROUP_0: u32 = 4u;

fn tile_of_0(group: u32, which: u32) -> u32 {
    return min(group * 4u + which, TILES_0 - 1u);
}

// Four rows of one token, one of each tile; rows that the last tile lacks are not stored.
fn finish_0(token: u32, group: u32, lane: u32, value: vec4f) {
    for (var which = 0u; which < 4u; which++) {
        let row = (group * 4u + which) * 8u + lane;
        if (row < ROWS_0) {
            let index = token * ROWS_0 + row;
            y_0[index] = point(index, row, value[which]);
        }
    }
}

// y[token, row] = sum_k weight[row, k] * x[token, k] for TOKENS tokens at a time: lanes and tiles as in matvec_lanes, each block of
// weights decoded once for all tokens. Rows of x and y beyond the last token are read and written as they come.
// links: block, texel_0, codec_0, input, reduce, spread, rows_0, finish_0
struct Sums_0 {
    rows: vec4f,
    squares: f32,
}

fn main_0(group_id: vec3u, lane: u32) {
    let group = group_id.x;
    let token = group_id.y * TOKENS;
    let row0 = tile_of_0(group, 0u) * TILE_TEXELS_0 + lane;
    let row1 = tile_of_0(group, 1u) * TILE_TEXELS_0 + lane;
    let row2 = tile_of_0(group, 2u) * TILE_TEXELS_0 + lane;
    let row3 = tile_of_0(group, 3u) * TILE_TEXELS_0 + lane;
    var sums = array<Sums_0, TOKENS>();
    var at = 0u;
    for (var first = 0u; first < BLOCKS; first += CHUNK_0) {
        let head0 = header_0(row0 + at);
        let head1 = header_0(row1 + at);
        let head2 = header_0(row2 + at);
        let head3 = header_0(row3 + at);
        at += 8u * HEADER_0;
        let count = min(CHUNK_0, BLOCKS - first);
        for (var index = 0u; index < count; index++) {
            let quarter = (first + index) * 8u + lane;
            let a = load_block_0(head0, index, row0 + at);
            let b = load_block_0(head1, index, row1 + at);
            let c = load_block_0(head2, index, row2 + at);
            let d = load_block_0(head3, index, row3 + at);
            for (var each = 0u; each < TOKENS; each++) {
                let own = input(token + each, quarter);
                let elements = spread(gained(own, quarter));
                sums[each].rows += vec4f(
                    dot_blocks(a, elements), dot_blocks(b, elements), dot_blocks(c, elements), dot_blocks(d, elements));
                sums[each].squares += dot(own, own);
            }
            at += 8u * QUANTS_0;
        }
    }
    for (var each = 0u; each < TOKENS; each++) {
        finish_0(token + each, group, lane, sums[each].rows * normalise(sum_of_lanes(sums[each].squares)));
    }
}

// A weight in a storage texture of rgba32uint, 4096 texels a row.
// binds: weights_1
fn texel_1(index: u32) -> vec4u {
    return textureLoad(weights_1, vec2u(index & 4095u, index >> 12u));
}

// Quants of up to seven bits, one in each byte of a word.
//
// A byte is not shifted down: masked in place it is q * 256^p for place p, and `prepare` has divided x by 256^p. Powers of two are
// exact.
// links: affine
const PLACES_1 = vec4f(1.0, 0x1p-8, 0x1p-16, 0x1p-24);

fn bytes_1(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) & vec4u(0x7fu, 0x7f00u, 0x7f0000u, 0x7f000000u)));
}

// The sum of q * x for quants as `bytes` gives them, of x as `prepare` gives it.
fn dot_bytes_1(q: Block, x: Block, sum: f32) -> f32 {
    return dot_blocks(q, x);
}

// d * q + m for quants as `bytes` gives them.
fn scaled_1(q: Block, d: f32, m: f32) -> Block {
    return affine(q, PLACES_1 * d, m);
}

fn prepare_1(own: vec4f, quarter: u32) -> vec4f {
    return own * PLACES_1;
}

// Bits of elements in pairs, in the texels of a header.

// Two bits of each of sixteen elements: bits 2 * part and the next of byte k of a word belong to element 4 * part + k.
fn two_bits_1(word: u32, part: u32) -> u32 {
    return (word >> (2u * part)) & 0x03030303u;
}

// Two of the four words of a texel: those of block `index`, two blocks to a texel.
fn pair_of_1(words: vec4u, index: u32) -> vec2u {
    return select(words.xy, words.zw, (index & 1u) != 0u);
}

// Scales for sixteen elements, two in a block: the first for e0 to e3, the second for e4 to e7.
// links: bytes_1

// d * q + m.
fn scaled_sixteens_1(q: Block, d: vec2f, m: vec2f) -> Block {
    let a = PLACES_1 * d.x;
    let b = PLACES_1 * d.y;
    let c = vec4f(m.x);
    let e = vec4f(m.y);
    return Block(
        fma(q.e0, a, c), fma(q.e1, a, c), fma(q.e2, a, c), fma(q.e3, a, c),
        fma(q.e4, b, e), fma(q.e5, b, e), fma(q.e6, b, e), fma(q.e7, b, e));
}

// The sum of d * q * x; `sums` are those of x over the two halves.
fn dot_sixteens_1(q: Block, x: Block, d: vec2f, sums: vec2f) -> f32 {
    let low = fma(q.e3, x.e3, fma(q.e2, x.e2, fma(q.e1, x.e1, q.e0 * x.e0)));
    let high = fma(q.e7, x.e7, fma(q.e6, x.e6, fma(q.e5, x.e5, q.e4 * x.e4)));
    let sum = fma(high, vec4f(d.y), low * d.x);
    return (sum.x + sum.y) + (sum.z + sum.w);
}

// The sums of x, which `prepare` has divided, over the two halves; `sum` is that over both.
fn sums_of_sixteens_1(x: Block, sum: f32) -> vec2f {
    let places = ((x.e0 + x.e1) + (x.e2 + x.e3)) * vec4f(1.0, 0x1p8, 0x1p16, 0x1p24);
    let low = (places.x + places.y) + (places.z + places.w);
    return vec2f(low, sum - low);
}

// q6_k: w = d * scale * (q - 32), with a signed byte of scale for sixteen elements. Of the six header texels the first holds the
// sixteen scales of a superblock, the second d, each of the others the upper two bits of two blocks, two words a block. A texel of
// quants holds the lower four bits, element i in the low nibble of byte i, element 16 + i in its high nibble.
//
// Per superblock 14 bytes, those behind d, are padding.
// links: texel_1, bytes_1, two_bits_1, sixteens_1
const HEADER_1: u32 = 6u;
const QUANTS_1: u32 = 1u;
const CHUNK_1: u32 = 8u;

struct Header_1 {
    scales: vec4u,
    d: f32,
}

fn header_1(at: u32) -> Header_1 {
    return Header_1(texel_1(at), unpack2x16float(texel_1(at + 8u).x).x);
}

// d * scale of the two halves of a block.
fn scales_of_1(head: Header_1, index: u32) -> vec2f {
    let pair = vec2i(vec2u(half_of(head.scales, index)) << vec2u(24u, 16u)) >> vec2u(24u);
    return head.d * vec2f(pair);
}

fn six_bits_1(word: u32, upper: u32, part: u32) -> vec4f {
    return bytes_1((word & 0x0f0f0f0fu) | (two_bits_1(upper, part) << 4u));
}

fn load_quants_1(index: u32, at: u32) -> Block {
    let low = texel_1(at);
    let high = low >> vec4u(4u);
    let upper = pair_of_1(texel_1(at - 8u * (4u + index - index / 2u)), index);
    return Block(
        six_bits_1(low.x, upper.x, 0u), six_bits_1(low.y, upper.x, 1u),
        six_bits_1(low.z, upper.x, 2u), six_bits_1(low.w, upper.x, 3u),
        six_bits_1(high.x, upper.y, 0u), six_bits_1(high.y, upper.y, 1u),
        six_bits_1(high.z, upper.y, 2u), six_bits_1(high.w, upper.y, 3u));
}

fn load_block_1(head: Header_1, index: u32, at: u32) -> Block {
    let scale = scales_of_1(head, index);
    return scaled_sixteens_1(load_quants_1(index, at), scale, -32.0 * scale);
}

fn dot_block_1(head: Header_1, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = scales_of_1(head, index);
    let sums = sums_of_sixteens_1(x, sum);
    return dot_sixteens_1(load_quants_1(index, at), x, scale, sums) - 32.0 * dot(scale, sums);
}

// Four tiles of eight rows, one after another.
// links: point
// binds: y_1
const TILES_OF_GROUP_1: u32 = 4u;

fn tile_of_1(group: u32, which: u32) -> u32 {
    return min(group * 4u + which, TILES_1 - 1u);
}

// Four rows of one token, one of each tile; rows that the last tile lacks are not stored.
fn finish_1(token: u32, group: u32, lane: u32, value: vec4f) {
    for (var which = 0u; which < 4u; which++) {
        let row = (group * 4u + which) * 8u + lane;
        if (row < ROWS_1) {
            let index = token * ROWS_1 + row;
            y_1[index] = point(index, row, value[which]);
        }
    }
}

// y[token, row] = sum_k weight[row, k] * x[token, k] for TOKENS tokens at a time: lanes and tiles as in matvec_lanes, each block of
// weights decoded once for all tokens. Rows of x and y beyond the last token are read and written as they come.
// links: block, texel_1, codec_1, input, reduce, spread, rows_1, finish_1
struct Sums_1 {
    rows: vec4f,
    squares: f32,
}

fn main_1(group_id: vec3u, lane: u32) {
    let group = group_id.x;
    let token = group_id.y * TOKENS;
    let row0 = tile_of_1(group, 0u) * TILE_TEXELS_1 + lane;
    let row1 = tile_of_1(group, 1u) * TILE_TEXELS_1 + lane;
    let row2 = tile_of_1(group, 2u) * TILE_TEXELS_1 + lane;
    let row3 = tile_of_1(group, 3u) * TILE_TEXELS_1 + lane;
    var sums = array<Sums_1, TOKENS>();
    var at = 0u;
    for (var first = 0u; first < BLOCKS; first += CHUNK_1) {
        let head0 = header_1(row0 + at);
        let head1 = header_1(row1 + at);
        let head2 = header_1(row2 + at);
        let head3 = header_1(row3 + at);
        at += 8u * HEADER_1;
        let count = min(CHUNK_1, BLOCKS - first);
        for (var index = 0u; index < count; index++) {
            let quarter = (first + index) * 8u + lane;
            let a = load_block_1(head0, index, row0 + at);
            let b = load_block_1(head1, index, row1 + at);
            let c = load_block_1(head2, index, row2 + at);
            let d = load_block_1(head3, index, row3 + at);
            for (var each = 0u; each < TOKENS; each++) {
                let own = input(token + each, quarter);
                let elements = spread(gained(own, quarter));
                sums[each].rows += vec4f(
                    dot_blocks(a, elements), dot_blocks(b, elements), dot_blocks(c, elements), dot_blocks(d, elements));
                sums[each].squares += dot(own, own);
            }
            at += 8u * QUANTS_1;
        }
    }
    for (var each = 0u; each < TOKENS; each++) {
        finish_1(token + each, group, lane, sums[each].rows * normalise(sum_of_lanes(sums[each].squares)));
    }
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

// The input of a matrix kernel under RMS normalisation: x * gain goes into the product, and the finished row is divided by the
// root of the mean square, which the lanes have gathered on the way.
// binds: x, gain
fn input(token: u32, index: u32) -> vec4f {
    if (COLUMNS % 32u != 0u && index >= COLUMNS / 4u) {
        return vec4f();
    }
    return x[token * (COLUMNS / 4u) + index];
}

fn gained(own: vec4f, index: u32) -> vec4f {
    return own * gain[select(index, min(index, COLUMNS / 4u - 1u), COLUMNS % 32u != 0u)];
}

fn normalise(squares: f32) -> f32 {
    return inverseSqrt(squares / f32(COLUMNS) + EPSILON);
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

// A workgroup begins with its kernel.
fn begin(group: u32, lane: u32) {}

// Two kernels side by side: the first workgroups along x run the first, the others the second.
// links: begin, main_0, main_1
@compute @workgroup_size(GROUP_LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    begin(group_id.x, lane);
    if (group_id.x < GROUPS_0) {
        main_0(group_id, lane);
    } else {
        main_1(vec3u(group_id.x - GROUPS_0, group_id.yz), lane);
    }
}
