const ROWS: u32 = 960u;
const COLUMNS: u32 = 576u;
const BLOCKS: u32 = 18u;
const TILES: u32 = 120u;
const TILE_TEXELS: u32 = 216u;
const LANES: u32 = 64u;
@group(0) @binding(0) var<storage, read> weights: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

fn point(index: u32, column: u32, part0: f32) -> f32 {
    return part0;
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

// Quants of five bits: a texel holds the lower four bits of a block, element i in the low nibble of byte i, element 16 + i in its
// high nibble; a word of the header holds the fifth bits, bit p of byte k for element 4p + k.
// links: texel, bytes
const QUANTS: u32 = 1u;

// Elements 4 * part to 4 * part + 3, of which `word` has the low nibbles of its bytes.
fn five_bits(word: u32, fifth: u32, part: u32) -> vec4f {
    return bytes((word & 0x0f0f0f0fu) | (((fifth >> part) & 0x01010101u) << 4u));
}

fn load_quants(at: u32, fifth: u32) -> Block {
    let low = texel(at);
    let high = low >> vec4u(4u);
    return Block(
        five_bits(low.x, fifth, 0u), five_bits(low.y, fifth, 1u),
        five_bits(low.z, fifth, 2u), five_bits(low.w, fifth, 3u),
        five_bits(high.x, fifth, 4u), five_bits(high.y, fifth, 5u),
        five_bits(high.z, fifth, 6u), five_bits(high.w, fifth, 7u));
}

// q5_0: w = d * (q - 16). Of the three header texels the first holds d of eight blocks, the others their words of fifth bits.
// links: texel, fives
const HEADER: u32 = 3u;
const CHUNK: u32 = 8u;

struct Header {
    scales: vec4u,
    fifth_low: vec4u,
    fifth_high: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at), texel(at + 8u), texel(at + 16u));
}

fn scale_of(head: Header, index: u32) -> f32 {
    return unpack2x16float(half_of(head.scales, index)).x;
}

fn fifth_of(head: Header, index: u32) -> u32 {
    return select(word_of(head.fifth_low, index), word_of(head.fifth_high, index), index >= 4u);
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let d = scale_of(head, index);
    return scaled(load_quants(at, fifth_of(head, index)), d, -16.0 * d);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    return scale_of(head, index) * (dot_bytes(load_quants(at, fifth_of(head, index)), x, sum) - 16.0 * sum);
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
