const ROWS: u32 = 960u;
const COLUMNS: u32 = 768u;
const BLOCKS: u32 = 24u;
const TILES: u32 = 120u;
const TILE_TEXELS: u32 = 168u;
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

// Bits of elements in pairs, in the texels of a header.

// Two bits of each of sixteen elements: bits 2 * part and the next of byte k of a word belong to element 4 * part + k.
fn two_bits(word: u32, part: u32) -> u32 {
    return (word >> (2u * part)) & 0x03030303u;
}

// Two of the four words of a texel: those of block `index`, two blocks to a texel.
fn pair_of(words: vec4u, index: u32) -> vec2u {
    return select(words.xy, words.zw, (index & 1u) != 0u);
}

// Scales for sixteen elements, two in a block: the first for e0 to e3, the second for e4 to e7.
// links: bytes

// d * q + m.
fn scaled_sixteens(q: Block, d: vec2f, m: vec2f) -> Block {
    let a = PLACES * d.x;
    let b = PLACES * d.y;
    let c = vec4f(m.x);
    let e = vec4f(m.y);
    return Block(
        fma(q.e0, a, c), fma(q.e1, a, c), fma(q.e2, a, c), fma(q.e3, a, c),
        fma(q.e4, b, e), fma(q.e5, b, e), fma(q.e6, b, e), fma(q.e7, b, e));
}

// The sum of d * q * x; `sums` are those of x over the two halves.
fn dot_sixteens(q: Block, x: Block, d: vec2f, sums: vec2f) -> f32 {
    let low = fma(q.e3, x.e3, fma(q.e2, x.e2, fma(q.e1, x.e1, q.e0 * x.e0)));
    let high = fma(q.e7, x.e7, fma(q.e6, x.e6, fma(q.e5, x.e5, q.e4 * x.e4)));
    let sum = fma(high, vec4f(d.y), low * d.x);
    return (sum.x + sum.y) + (sum.z + sum.w);
}

// The sums of x, which `prepare` has divided, over the two halves; `sum` is that over both.
fn sums_of_sixteens(x: Block, sum: f32) -> vec2f {
    let places = ((x.e0 + x.e1) + (x.e2 + x.e3)) * vec4f(1.0, 0x1p8, 0x1p16, 0x1p24);
    let low = (places.x + places.y) + (places.z + places.w);
    return vec2f(low, sum - low);
}

// q3_k: w = d * (scale - 32) * (q - 4), with six bits of scale for sixteen elements. Of the seven header texels the first holds the
// scales of a superblock in twelve bytes, then d; each of the next four the lower two bits of two blocks, two words a block; each of
// the last two the third bits of four blocks, a word a block: bit p of byte k for element 4p + k. Of scale j, byte j % 8 of the twelve
// has the lower four bits, in its nibble j / 8, and byte 8 + j % 4 the upper two, from bit 2 * (j / 4).
//
// Per superblock 2 bytes, those behind d, are padding.
// links: texel, bytes, two_bits, sixteens
const HEADER: u32 = 7u;
const QUANTS: u32 = 0u;
const CHUNK: u32 = 8u;

struct Header {
    scales: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at));
}

// d * (scale - 32) of the two halves of a block.
fn scales_of(head: Header, index: u32) -> vec2f {
    let place = vec2u(0u, 8u) + 16u * (index & 1u);
    let lower = select(head.scales.x, head.scales.y, (index & 2u) != 0u) >> (4u * (index >> 2u));
    let upper = head.scales.z >> (2u * (index >> 1u));
    let six = ((vec2u(lower) >> place) & vec2u(0xfu)) | (((vec2u(upper) >> place) & vec2u(3u)) << vec2u(4u));
    return unpack2x16float(head.scales.w).x * vec2f(vec2i(six) - 32);
}

fn three_bits(lower: u32, third: u32, half: u32, part: u32) -> vec4f {
    return bytes(two_bits(lower, part) | (((third >> (4u * half + part)) & 0x01010101u) << 2u));
}

fn load_quants(index: u32, at: u32) -> Block {
    let lower = pair_of(texel(at - 8u * (6u - index / 2u)), index);
    let third = word_of(texel(at - 8u * (2u - index / 4u)), index);
    return Block(
        three_bits(lower.x, third, 0u, 0u), three_bits(lower.x, third, 0u, 1u),
        three_bits(lower.x, third, 0u, 2u), three_bits(lower.x, third, 0u, 3u),
        three_bits(lower.y, third, 1u, 0u), three_bits(lower.y, third, 1u, 1u),
        three_bits(lower.y, third, 1u, 2u), three_bits(lower.y, third, 1u, 3u));
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let scale = scales_of(head, index);
    return scaled_sixteens(load_quants(index, at), scale, -4.0 * scale);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = scales_of(head, index);
    let sums = sums_of_sixteens(x, sum);
    return dot_sixteens(load_quants(index, at), x, scale, sums) - 4.0 * dot(scale, sums);
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
