const ROWS: u32 = 576u;
const COLUMNS: u32 = 768u;
const BLOCKS: u32 = 24u;
const TILES: u32 = 72u;
const TILE_TEXELS: u32 = 216u;
const LANES: u32 = 64u;
@group(0) @binding(0) var<storage, read> weights: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(2) var<uniform> vector0: array<vec4f, 144>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

// binds: vector0
fn point(index: u32, column: u32, part0: f32) -> f32 {
    return 0.22f * (part0 + vector0[column / 4u][column % 4u]) + y[index];
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

// A weight in a storage buffer.
// binds: weights
fn texel(index: u32) -> vec4u {
    return weights[index];
}

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

// Scales and minima of six bits for the eight blocks of a superblock. A header texel: d and dmin as halves; then bytes s0 to s3,
// m0 to m3 and t0 to t3. Of blocks j below 4, the scale is the lower six bits of s_j, the minimum those of m_j. Of block 4 + j, the
// lower four bits of the scale are the low nibble of t_j, those of the minimum its high nibble; the upper two bits are those of
// s_j and m_j.

// (d * scale, -dmin * minimum) of block `index`.
fn six_bit_scales(words: vec4u, index: u32) -> vec2f {
    let bytes_of = words.yzw >> vec3u(8u * (index & 3u));
    let first = bytes_of.xy & vec2u(0x3fu);
    let later = ((vec2u(bytes_of.z) >> vec2u(0u, 4u)) & vec2u(0xfu)) | ((bytes_of.xy >> vec2u(2u)) & vec2u(0x30u));
    return unpack2x16float(words.x) * vec2f(vec2i(select(first, later, index >= 4u))) * vec2f(1.0, -1.0);
}

// q4_k: w = d * scale * q - dmin * minimum, with six bits of scale and minimum for each block. A header texel holds those of the
// eight blocks of a superblock.
// links: texel, nibbles, six_bit_scales
const HEADER: u32 = 1u;
const CHUNK: u32 = 8u;

struct Header {
    scales: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at));
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let scale = six_bit_scales(head.scales, index);
    return scaled(load_quants(at), scale.x, scale.y);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = six_bit_scales(head.scales, index);
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

// A block of the input as a product takes it. No loop stands around the loads, so that all are asked for before the first is waited
// for.
// links: block, prepare, input, gained
struct InputBlock {
    elements: Block,
    sum: f32,
    squares: f32,
}

fn sum_of_block(block: Block) -> f32 {
    let sum = ((block.e0 + block.e1) + (block.e2 + block.e3)) + ((block.e4 + block.e5) + (block.e6 + block.e7));
    return (sum.x + sum.y) + (sum.z + sum.w);
}

fn block_of_input(token: u32, block: u32) -> InputBlock {
    let quarter = block * 8u;
    let own = Block(
        input(token, quarter), input(token, quarter + 1u), input(token, quarter + 2u), input(token, quarter + 3u),
        input(token, quarter + 4u), input(token, quarter + 5u), input(token, quarter + 6u), input(token, quarter + 7u));
    let gains = Block(
        gained(own.e0, quarter), gained(own.e1, quarter + 1u), gained(own.e2, quarter + 2u), gained(own.e3, quarter + 3u),
        gained(own.e4, quarter + 4u), gained(own.e5, quarter + 5u), gained(own.e6, quarter + 6u), gained(own.e7, quarter + 7u));
    let elements = Block(
        prepare(gains.e0, 0u), prepare(gains.e1, 1u), prepare(gains.e2, 2u), prepare(gains.e3, 3u),
        prepare(gains.e4, 4u), prepare(gains.e5, 5u), prepare(gains.e6, 6u), prepare(gains.e7, 7u));
    return InputBlock(elements, sum_of_block(gains), dot_blocks(own, own));
}

// y[token, row] = sum_k weight[row, k] * x[token, k], one token of the grid's second axis: a workgroup of LANES lanes owns four
// tiles of eight rows. Lane l works on row l % 8 of each tile and on every (LANES / 8)th block from block l / 8; the partial sums
// meet in workgroup memory.
// links: texel, codec, input, block_of_input, rows, finish
const PARTS: u32 = LANES / 8u;

var<workgroup> partial_sums: array<vec4f, LANES>;
var<workgroup> partial_squares: array<f32, PARTS>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let group = group_id.x;
    let token = group_id.y;
    let lane_row = lane & 7u;
    let part = lane >> 3u;
    let row0 = tile_of(group, 0u) * TILE_TEXELS + lane_row;
    let row1 = tile_of(group, 1u) * TILE_TEXELS + lane_row;
    let row2 = tile_of(group, 2u) * TILE_TEXELS + lane_row;
    let row3 = tile_of(group, 3u) * TILE_TEXELS + lane_row;
    var sums = vec4f();
    var squares = 0.0;
    for (var block = part; block < BLOCKS; block += PARTS) {
        let chunk = block / CHUNK;
        let index = block - chunk * CHUNK;
        let head = 8u * chunk * (HEADER + CHUNK * QUANTS);
        let at = head + 8u * (HEADER + index * QUANTS);
        let own = block_of_input(token, block);
        squares += own.squares;
        sums += vec4f(
            dot_block(header(row0 + head), index, row0 + at, own.elements, own.sum),
            dot_block(header(row1 + head), index, row1 + at, own.elements, own.sum),
            dot_block(header(row2 + head), index, row2 + at, own.elements, own.sum),
            dot_block(header(row3 + head), index, row3 + at, own.elements, own.sum));
    }
    partial_sums[lane] = sums;
    if (lane_row == 0u) {
        partial_squares[part] = squares;
    }
    workgroupBarrier();
    if (lane < 8u) {
        var total = vec4f();
        var total_squares = 0.0;
        for (var other = 0u; other < PARTS; other++) {
            total += partial_sums[other * 8u + lane];
            total_squares += partial_squares[other];
        }
        finish(token, group, lane, total * normalise(total_squares));
    }
}
