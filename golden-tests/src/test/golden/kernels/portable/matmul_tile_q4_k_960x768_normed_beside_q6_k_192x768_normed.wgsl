const GROUP_LANES: u32 = 64u;
const ROWS_0: u32 = 960u;
const COLUMNS: u32 = 768u;
const BLOCKS: u32 = 24u;
const TILES_0: u32 = 120u;
const TILE_TEXELS_0: u32 = 216u;
const EPSILON: f32 = 1.0E-5f;
const TOKENS: u32 = 512u;
const GROUPS_0: u32 = 15u;
const ROWS_1: u32 = 192u;
const TILES_1: u32 = 24u;
const TILE_TEXELS_1: u32 = 336u;
@group(0) @binding(0) var<storage, read> weights_0: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(2) var<uniform> gain: array<vec4f, 192>;
@group(0) @binding(3) var<storage, read_write> y_0: array<f32>;
@group(0) @binding(4) var<storage, read> weights_1: array<vec4u>;
@group(0) @binding(5) var<storage, read_write> y_1: array<f32>;

fn point(index: u32, column: u32, part0: f32) -> f32 {
    return part0;
}

// A weight in a storage buffer.
// binds: weights_0
fn texel_0(index: u32) -> vec4u {
    return weights_0[index];
}

// Quants of four bits: a texel holds a block, element i in the low nibble of byte i, element 16 + i in its high nibble.
//
// A nibble is moved to the upper bits of the fraction of a half whose exponent is that of 1, which so becomes 1 + q / 16: two at a
// time, one in each half of a word. GPUs multiply a half by a float without converting it first, where a masked integer must be
// converted. The sum of the ones is that of x, and is taken off once for a block.
// links: texel_0, affine
const QUANTS_0: u32 = 1u;

// Nibbles at bits 6 to 9 of both halves of a word.
fn pair_in_halves_0(word: u32) -> vec2f {
    return unpack2x16float((word & 0x03c003c0u) | 0x3c003c00u);
}

fn low_nibbles_0(word: u32) -> vec4f {
    return vec4f(pair_in_halves_0(word << 6u), pair_in_halves_0(word >> 2u)).xzyw;
}

fn high_nibbles_0(word: u32) -> vec4f {
    return vec4f(pair_in_halves_0(word << 2u), pair_in_halves_0(word >> 6u)).xzyw;
}

// Of each quant of a block 1 + q / 16.
fn load_quants_0(at: u32) -> Block {
    let q = texel_0(at);
    return Block(
        low_nibbles_0(q.x), low_nibbles_0(q.y), low_nibbles_0(q.z), low_nibbles_0(q.w),
        high_nibbles_0(q.x), high_nibbles_0(q.y), high_nibbles_0(q.z), high_nibbles_0(q.w));
}

// The sum of q * x; `sum` is that of x.
fn dot_quants_0(at: u32, x: Block, sum: f32) -> f32 {
    return 16.0 * (dot_blocks(load_quants_0(at), x) - sum);
}

// d * q + m for quants as `load_quants` gives them.
fn scaled_0(q: Block, d: f32, m: f32) -> Block {
    return affine(q, vec4f(16.0 * d), m - 16.0 * d);
}

fn prepare_0(own: vec4f, quarter: u32) -> vec4f {
    return own;
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

// y[token, row] = sum_k weight[row, k] * x[token, k] for many tokens: a workgroup of 64 lanes serves 64 rows and 32 tokens. For each
// block of 32 columns a lane decodes one row of weights and brings half a row of x, and weights are so decoded once for 32 tokens.
// Then lane l sums row l % 8 of each of eight tiles, for every eighth token from l / 8 on. Tokens behind the last that there may be
// read its row, and are not stored.
// links: block, texel_0, codec_0, input, tile, rows_0, finish_0
fn finish_token_0(token: u32, group: u32, row: u32, sums: Sums) {
    if (token < TOKENS) {
        let slot = 2u * (token % TILE_TOKENS);
        let factor = normalise(square_tile[slot] + square_tile[slot + 1u]);
        finish_0(token, 2u * group, row, sums.low * factor);
        finish_0(token, 2u * group + 1u, row, sums.high * factor);
    }
}

fn main_0(group_id: vec3u, lane: u32) {
    let group = group_id.x;
    let first_token = group_id.y * TILE_TOKENS;
    let row = lane & 7u;
    let column = lane >> 3u;
    // What the lane brings: a row of one of the eight tiles, and half a block of one token.
    let own_row = tile_of_0(2u * group + (lane >> 5u), (lane >> 3u) & 3u) * TILE_TEXELS_0 + row;
    let own_token = min(first_token + (lane >> 1u), TOKENS - 1u);
    let own_half = (lane & 1u) * 4u;
    let own_slot = own_half * TILE_TOKENS + (lane >> 1u);
    var squares = 0.0;
    var sums0 = Sums();
    var sums1 = Sums();
    var sums2 = Sums();
    var sums3 = Sums();
    for (var block = 0u; block < BLOCKS; block++) {
        let chunk = block / CHUNK_0;
        let index = block - chunk * CHUNK_0;
        let head = 8u * chunk * (HEADER_0 + CHUNK_0 * QUANTS_0);
        let at = head + 8u * (HEADER_0 + index * QUANTS_0);
        let quarter = block * 8u + own_half;
        let x0 = input(own_token, quarter);
        let x1 = input(own_token, quarter + 1u);
        let x2 = input(own_token, quarter + 2u);
        let x3 = input(own_token, quarter + 3u);
        let weights_of_row = load_block_0(header_0(own_row + head), index, own_row + at);
        squares += (dot(x0, x0) + dot(x1, x1)) + (dot(x2, x2) + dot(x3, x3));
        workgroupBarrier();
        keep_weights(lane, weights_of_row);
        input_tile[own_slot] = gained(x0, quarter);
        input_tile[own_slot + TILE_TOKENS] = gained(x1, quarter + 1u);
        input_tile[own_slot + 2u * TILE_TOKENS] = gained(x2, quarter + 2u);
        input_tile[own_slot + 3u * TILE_TOKENS] = gained(x3, quarter + 3u);
        workgroupBarrier();
        for (var four = 0u; four < 8u; four++) {
            let rows = rows_at(four, row);
            let slot = four * TILE_TOKENS + column;
            sums0 = with_products(sums0, rows, input_tile[slot]);
            sums1 = with_products(sums1, rows, input_tile[slot + 8u]);
            sums2 = with_products(sums2, rows, input_tile[slot + 16u]);
            sums3 = with_products(sums3, rows, input_tile[slot + 24u]);
        }
    }
    square_tile[lane] = squares;
    workgroupBarrier();
    finish_token_0(first_token + column, group, row, sums0);
    finish_token_0(first_token + column + 8u, group, row, sums1);
    finish_token_0(first_token + column + 16u, group, row, sums2);
    finish_token_0(first_token + column + 24u, group, row, sums3);
}

// A weight in a storage buffer.
// binds: weights_1
fn texel_1(index: u32) -> vec4u {
    return weights_1[index];
}

// Quants of up to seven bits, one in each byte of a word.
//
// A byte is moved to the fraction of a half whose exponent is that of 1, which so becomes 1 + q / 128: two at a time, one in each half
// of a word. GPUs multiply a half by a float without converting it first. The sum of the ones is that of x, and is taken off once for
// a block.
// links: affine
fn byte_pair_in_halves_1(word: u32) -> vec2f {
    return unpack2x16float((word & 0x03f803f8u) | 0x3c003c00u);
}

// Of each byte of a word 1 + q / 128.
fn bytes_1(word: u32) -> vec4f {
    return vec4f(byte_pair_in_halves_1(word << 3u), byte_pair_in_halves_1(word >> 5u)).xzyw;
}

// The sum of q * x for quants as `bytes` gives them; `sum` is that of x.
fn dot_bytes_1(q: Block, x: Block, sum: f32) -> f32 {
    return 128.0 * (dot_blocks(q, x) - sum);
}

// d * q + m for quants as `bytes` gives them.
fn scaled_1(q: Block, d: f32, m: f32) -> Block {
    return affine(q, vec4f(128.0 * d), m - 128.0 * d);
}

fn prepare_1(own: vec4f, quarter: u32) -> vec4f {
    return own;
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

// Scales for sixteen elements, two in a block: the first for e0 to e3, the second for e4 to e7. The quants are those of
// bytes_in_halves.
// links: bytes_1

// d * q + m.
fn scaled_sixteens_1(q: Block, d: vec2f, m: vec2f) -> Block {
    let a = vec4f(128.0 * d.x);
    let b = vec4f(128.0 * d.y);
    let c = vec4f(m.x - 128.0 * d.x);
    let e = vec4f(m.y - 128.0 * d.y);
    return Block(
        fma(q.e0, a, c), fma(q.e1, a, c), fma(q.e2, a, c), fma(q.e3, a, c),
        fma(q.e4, b, e), fma(q.e5, b, e), fma(q.e6, b, e), fma(q.e7, b, e));
}

// The sum of d * q * x; `sums` are those of x over the two halves.
fn dot_sixteens_1(q: Block, x: Block, d: vec2f, sums: vec2f) -> f32 {
    let low = fma(q.e3, x.e3, fma(q.e2, x.e2, fma(q.e1, x.e1, q.e0 * x.e0)));
    let high = fma(q.e7, x.e7, fma(q.e6, x.e6, fma(q.e5, x.e5, q.e4 * x.e4)));
    let of_ones = vec2f((low.x + low.y) + (low.z + low.w), (high.x + high.y) + (high.z + high.w));
    return 128.0 * dot(d, of_ones - sums);
}

// The sums of x over the two halves; `sum` is that over both.
fn sums_of_sixteens_1(x: Block, sum: f32) -> vec2f {
    let all = (x.e0 + x.e1) + (x.e2 + x.e3);
    let low = (all.x + all.y) + (all.z + all.w);
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

// y[token, row] = sum_k weight[row, k] * x[token, k] for many tokens: a workgroup of 64 lanes serves 64 rows and 32 tokens. For each
// block of 32 columns a lane decodes one row of weights and brings half a row of x, and weights are so decoded once for 32 tokens.
// Then lane l sums row l % 8 of each of eight tiles, for every eighth token from l / 8 on. Tokens behind the last that there may be
// read its row, and are not stored.
// links: block, texel_1, codec_1, input, tile, rows_1, finish_1
fn finish_token_1(token: u32, group: u32, row: u32, sums: Sums) {
    if (token < TOKENS) {
        let slot = 2u * (token % TILE_TOKENS);
        let factor = normalise(square_tile[slot] + square_tile[slot + 1u]);
        finish_1(token, 2u * group, row, sums.low * factor);
        finish_1(token, 2u * group + 1u, row, sums.high * factor);
    }
}

fn main_1(group_id: vec3u, lane: u32) {
    let group = group_id.x;
    let first_token = group_id.y * TILE_TOKENS;
    let row = lane & 7u;
    let column = lane >> 3u;
    // What the lane brings: a row of one of the eight tiles, and half a block of one token.
    let own_row = tile_of_1(2u * group + (lane >> 5u), (lane >> 3u) & 3u) * TILE_TEXELS_1 + row;
    let own_token = min(first_token + (lane >> 1u), TOKENS - 1u);
    let own_half = (lane & 1u) * 4u;
    let own_slot = own_half * TILE_TOKENS + (lane >> 1u);
    var squares = 0.0;
    var sums0 = Sums();
    var sums1 = Sums();
    var sums2 = Sums();
    var sums3 = Sums();
    for (var block = 0u; block < BLOCKS; block++) {
        let chunk = block / CHUNK_1;
        let index = block - chunk * CHUNK_1;
        let head = 8u * chunk * (HEADER_1 + CHUNK_1 * QUANTS_1);
        let at = head + 8u * (HEADER_1 + index * QUANTS_1);
        let quarter = block * 8u + own_half;
        let x0 = input(own_token, quarter);
        let x1 = input(own_token, quarter + 1u);
        let x2 = input(own_token, quarter + 2u);
        let x3 = input(own_token, quarter + 3u);
        let weights_of_row = load_block_1(header_1(own_row + head), index, own_row + at);
        squares += (dot(x0, x0) + dot(x1, x1)) + (dot(x2, x2) + dot(x3, x3));
        workgroupBarrier();
        keep_weights(lane, weights_of_row);
        input_tile[own_slot] = gained(x0, quarter);
        input_tile[own_slot + TILE_TOKENS] = gained(x1, quarter + 1u);
        input_tile[own_slot + 2u * TILE_TOKENS] = gained(x2, quarter + 2u);
        input_tile[own_slot + 3u * TILE_TOKENS] = gained(x3, quarter + 3u);
        workgroupBarrier();
        for (var four = 0u; four < 8u; four++) {
            let rows = rows_at(four, row);
            let slot = four * TILE_TOKENS + column;
            sums0 = with_products(sums0, rows, input_tile[slot]);
            sums1 = with_products(sums1, rows, input_tile[slot + 8u]);
            sums2 = with_products(sums2, rows, input_tile[slot + 16u]);
            sums3 = with_products(sums3, rows, input_tile[slot + 24u]);
        }
    }
    square_tile[lane] = squares;
    workgroupBarrier();
    finish_token_1(first_token + column, group, row, sums0);
    finish_token_1(first_token + column + 8u, group, row, sums1);
    finish_token_1(first_token + column + 16u, group, row, sums2);
    finish_token_1(first_token + column + 24u, group, row, sums3);
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

// What a workgroup holds of a product of many tokens: 64 rows of weights and 32 rows of the input, a block of 32 columns of each,
// four elements to a vector. Neighbouring lanes read neighbouring rows.
const TILE_ROWS: u32 = 64u;
const TILE_TOKENS: u32 = 32u;

var<workgroup> weight_tile: array<vec4f, 512>;
var<workgroup> input_tile: array<vec4f, 256>;
var<workgroup> square_tile: array<f32, 64>;

fn keep_weights(row: u32, block: Block) {
    weight_tile[row] = block.e0;
    weight_tile[TILE_ROWS + row] = block.e1;
    weight_tile[2u * TILE_ROWS + row] = block.e2;
    weight_tile[3u * TILE_ROWS + row] = block.e3;
    weight_tile[4u * TILE_ROWS + row] = block.e4;
    weight_tile[5u * TILE_ROWS + row] = block.e5;
    weight_tile[6u * TILE_ROWS + row] = block.e6;
    weight_tile[7u * TILE_ROWS + row] = block.e7;
}

// The same four columns of a row in each of eight tiles of eight rows.
struct Rows {
    a: vec4f,
    b: vec4f,
    c: vec4f,
    d: vec4f,
    e: vec4f,
    f: vec4f,
    g: vec4f,
    h: vec4f,
}

fn rows_at(quarter: u32, row: u32) -> Rows {
    let first = quarter * TILE_ROWS + row;
    return Rows(
        weight_tile[first], weight_tile[first + 8u], weight_tile[first + 16u], weight_tile[first + 24u],
        weight_tile[first + 32u], weight_tile[first + 40u], weight_tile[first + 48u], weight_tile[first + 56u]);
}

// Eight sums of one token: those of the first four tiles, and those of the others.
struct Sums {
    low: vec4f,
    high: vec4f,
}

// Adds four products to each of eight sums.
fn with_products(sums: Sums, rows: Rows, x: vec4f) -> Sums {
    let low1 = fma(vec4f(rows.a.x, rows.b.x, rows.c.x, rows.d.x), vec4f(x.x), sums.low);
    let high1 = fma(vec4f(rows.e.x, rows.f.x, rows.g.x, rows.h.x), vec4f(x.x), sums.high);
    let low2 = fma(vec4f(rows.a.y, rows.b.y, rows.c.y, rows.d.y), vec4f(x.y), low1);
    let high2 = fma(vec4f(rows.e.y, rows.f.y, rows.g.y, rows.h.y), vec4f(x.y), high1);
    let low3 = fma(vec4f(rows.a.z, rows.b.z, rows.c.z, rows.d.z), vec4f(x.z), low2);
    let high3 = fma(vec4f(rows.e.z, rows.f.z, rows.g.z, rows.h.z), vec4f(x.z), high2);
    let low4 = fma(vec4f(rows.a.w, rows.b.w, rows.c.w, rows.d.w), vec4f(x.w), low3);
    let high4 = fma(vec4f(rows.e.w, rows.f.w, rows.g.w, rows.h.w), vec4f(x.w), high3);
    return Sums(low4, high4);
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
