const ROWS: u32 = 960u;
const COLUMNS: u32 = 576u;
const BLOCKS: u32 = 18u;
const TILES: u32 = 120u;
const TILE_TEXELS: u32 = 160u;
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

// The input of `dot_block` as it is.
fn prepare(own: vec4f, quarter: u32) -> vec4f {
    return own;
}

// Codes of four bits, each of which stands for a number: a texel holds a block, element i in the low nibble of byte i, element 16 + i
// in its high nibble.
// links: texel, values_of
const QUANTS: u32 = 1u;

fn load_values(at: u32) -> Block {
    let low = texel(at);
    let high = low >> vec4u(4u);
    return Block(
        values_of(low.x), values_of(low.y), values_of(low.z), values_of(low.w),
        values_of(high.x), values_of(high.y), values_of(high.z), values_of(high.w));
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    return affine(load_values(at), vec4f(scale_of(head, index)), 0.0);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    return scale_of(head, index) * dot_blocks(load_values(at), x);
}

// mxfp4: w = 2^(e - 128) * number of the code. A header texel holds e of sixteen blocks, a byte each. Of a code, bit 3 is the sign,
// the others stand for 0, 1, 2, 3, 4, 6, 8 and 12: twice what a float of two bits of exponent and one of mantissa is.
// links: texel, codes
const HEADER: u32 = 1u;
const CHUNK: u32 = 16u;

struct Header {
    exponents: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at));
}

// The two least powers of two are subnormal.
fn scale_of(head: Header, index: u32) -> f32 {
    let e = (word_of(head.exponents, index >> 2u) >> (8u * (index & 3u))) & 0xffu;
    return bitcast<f32>(select((e - 1u) << 23u, 0x00200000u << e, e < 2u));
}

// The numbers of the low nibbles of a word's bytes. Three bits put behind the exponent of 1.0 give 1, 1.5, 2, 3, 4, 6, 8 and 12, and
// of these numbers f the lesser of f and 2f - 2 is the one that is meant.
fn values_of(word: u32) -> vec4f {
    let places = vec4u(word << 22u, word << 14u, word << 6u, word >> 2u) & vec4u(0x01c00000u);
    let f = bitcast<vec4f>(places + vec4u(0x3f800000u));
    let signs = vec4u(word << 28u, word << 20u, word << 12u, word << 4u) & vec4u(0x80000000u);
    return bitcast<vec4f>(bitcast<vec4u>(min(f, fma(f, vec4f(2.0), vec4f(-2.0)))) ^ signs);
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
