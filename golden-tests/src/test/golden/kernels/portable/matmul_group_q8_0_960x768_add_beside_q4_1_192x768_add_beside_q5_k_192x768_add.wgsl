const GROUP_LANES: u32 = 64u;
const ROWS_0: u32 = 960u;
const COLUMNS: u32 = 768u;
const BLOCKS: u32 = 24u;
const TILES_0: u32 = 120u;
const TILE_TEXELS_0: u32 = 408u;
const LANES: u32 = 64u;
const GROUPS_0: u32 = 30u;
const ROWS_1: u32 = 192u;
const TILES_1: u32 = 24u;
const TILE_TEXELS_1: u32 = 240u;
const GROUPS_1: u32 = 6u;
const ROWS_2: u32 = 192u;
const TILES_2: u32 = 24u;
const TILE_TEXELS_2: u32 = 264u;
@group(0) @binding(0) var<storage, read> weights_0: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(2) var<uniform> vector0_0: array<vec4f, 240>;
@group(0) @binding(3) var<storage, read_write> y_0: array<f32>;
@group(0) @binding(4) var<storage, read> weights_1: array<vec4u>;
@group(0) @binding(5) var<uniform> vector0_1: array<vec4f, 48>;
@group(0) @binding(6) var<storage, read_write> y_1: array<f32>;
@group(0) @binding(7) var<storage, read> weights_2: array<vec4u>;
@group(0) @binding(8) var<uniform> vector0_2: array<vec4f, 48>;
@group(0) @binding(9) var<storage, read_write> y_2: array<f32>;

// binds: vector0_0
fn point_0(index: u32, column: u32, part0: f32) -> f32 {
    return part0 + vector0_0[column / 4u][column % 4u];
}

// A weight in a storage buffer.
// binds: weights_0
fn texel_0(index: u32) -> vec4u {
    return weights_0[index];
}

// The input of `dot_block` as it is.
fn prepare_0(own: vec4f, quarter: u32) -> vec4f {
    return own;
}

// q8_0: w = d * q, q a signed byte. A header texel holds d of eight blocks; two texels of quants hold a block in order.
// links: texel_0
const HEADER_0: u32 = 1u;
const QUANTS_0: u32 = 2u;
const CHUNK_0: u32 = 8u;

struct Header_0 {
    scales: vec4u,
}

fn header_0(at: u32) -> Header_0 {
    return Header_0(texel_0(at));
}

fn scale_of_0(head: Header_0, index: u32) -> f32 {
    return unpack2x16float(half_of(head.scales, index)).x;
}

fn bytes_0(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) << vec4u(24u, 16u, 8u, 0u)) >> vec4u(24u));
}

fn load_quants_0(at: u32) -> Block {
    let a = texel_0(at);
    let b = texel_0(at + 8u);
    return Block(bytes_0(a.x), bytes_0(a.y), bytes_0(a.z), bytes_0(a.w), bytes_0(b.x), bytes_0(b.y), bytes_0(b.z), bytes_0(b.w));
}

fn load_block_0(head: Header_0, index: u32, at: u32) -> Block {
    return affine(load_quants_0(at), vec4f(scale_of_0(head, index)), 0.0);
}

fn dot_block_0(head: Header_0, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    return scale_of_0(head, index) * dot_blocks(load_quants_0(at), x);
}

// Four tiles of eight rows, one after another.
// links: point_0
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
            y_0[index] = point_0(index, row, value[which]);
        }
    }
}

// A block of the input as a product takes it. No loop stands around the loads, so that all are asked for before the first is waited
// for.
// links: block, prepare_0, input, gained
struct InputBlock_0 {
    elements: Block,
    sum: f32,
    squares: f32,
}

fn sum_of_block_0(block: Block) -> f32 {
    let sum = ((block.e0 + block.e1) + (block.e2 + block.e3)) + ((block.e4 + block.e5) + (block.e6 + block.e7));
    return (sum.x + sum.y) + (sum.z + sum.w);
}

fn block_of_input_0(token: u32, block: u32) -> InputBlock_0 {
    let quarter = block * 8u;
    let own = Block(
        input(token, quarter), input(token, quarter + 1u), input(token, quarter + 2u), input(token, quarter + 3u),
        input(token, quarter + 4u), input(token, quarter + 5u), input(token, quarter + 6u), input(token, quarter + 7u));
    let gains = Block(
        gained(own.e0, quarter), gained(own.e1, quarter + 1u), gained(own.e2, quarter + 2u), gained(own.e3, quarter + 3u),
        gained(own.e4, quarter + 4u), gained(own.e5, quarter + 5u), gained(own.e6, quarter + 6u), gained(own.e7, quarter + 7u));
    let elements = Block(
        prepare_0(gains.e0, 0u), prepare_0(gains.e1, 1u), prepare_0(gains.e2, 2u), prepare_0(gains.e3, 3u),
        prepare_0(gains.e4, 4u), prepare_0(gains.e5, 5u), prepare_0(gains.e6, 6u), prepare_0(gains.e7, 7u));
    return InputBlock_0(elements, sum_of_block_0(gains), dot_blocks(own, own));
}

// y[token, row] = sum_k weight[row, k] * x[token, k], one token of the grid's second axis: a workgroup of LANES lanes owns four
// tiles of eight rows. Lane l works on row l % 8 of each tile and on every (LANES / 8)th block from block l / 8; the partial sums
// meet in workgroup memory.
// links: texel_0, codec_0, input, block_of_input_0, rows_0, finish_0
const PARTS_0: u32 = LANES / 8u;

var<workgroup> partial_sums_0: array<vec4f, LANES>;
var<workgroup> partial_squares_0: array<f32, PARTS_0>;

fn main_0(group_id: vec3u, lane: u32) {
    let group = group_id.x;
    let token = group_id.y;
    let lane_row = lane & 7u;
    let part = lane >> 3u;
    let row0 = tile_of_0(group, 0u) * TILE_TEXELS_0 + lane_row;
    let row1 = tile_of_0(group, 1u) * TILE_TEXELS_0 + lane_row;
    let row2 = tile_of_0(group, 2u) * TILE_TEXELS_0 + lane_row;
    let row3 = tile_of_0(group, 3u) * TILE_TEXELS_0 + lane_row;
    var sums = vec4f();
    var squares = 0.0;
    for (var block = part; block < BLOCKS; block += PARTS_0) {
        let chunk = block / CHUNK_0;
        let index = block - chunk * CHUNK_0;
        let head = 8u * chunk * (HEADER_0 + CHUNK_0 * QUANTS_0);
        let at = head + 8u * (HEADER_0 + index * QUANTS_0);
        let own = block_of_input_0(token, block);
        squares += own.squares;
        sums += vec4f(
            dot_block_0(header_0(row0 + head), index, row0 + at, own.elements, own.sum),
            dot_block_0(header_0(row1 + head), index, row1 + at, own.elements, own.sum),
            dot_block_0(header_0(row2 + head), index, row2 + at, own.elements, own.sum),
            dot_block_0(header_0(row3 + head), index, row3 + at, own.elements, own.sum));
    }
    partial_sums_0[lane] = sums;
    if (lane_row == 0u) {
        partial_squares_0[part] = squares;
    }
    workgroupBarrier();
    if (lane < 8u) {
        var total = vec4f();
        var total_squares = 0.0;
        for (var other = 0u; other < PARTS_0; other++) {
            total += partial_sums_0[other * 8u + lane];
            total_squares += partial_squares_0[other];
        }
        finish_0(token, group, lane, total * normalise(total_squares));
    }
}

// binds: vector0_1
fn point_1(index: u32, column: u32, part0: f32) -> f32 {
    return part0 + vector0_1[column / 4u][column % 4u];
}

// A weight in a storage buffer.
// binds: weights_1
fn texel_1(index: u32) -> vec4u {
    return weights_1[index];
}

// Quants of four bits: a texel holds a block, element i in the low nibble of byte i, element 16 + i in its high nibble.
//
// A nibble is moved to the upper bits of the fraction of a half whose exponent is that of 1, which so becomes 1 + q / 16: two at a
// time, one in each half of a word. GPUs multiply a half by a float without converting it first, where a masked integer must be
// converted. The sum of the ones is that of x, and is taken off once for a block.
// links: texel_1, affine
const QUANTS_1: u32 = 1u;

// Nibbles at bits 6 to 9 of both halves of a word.
fn pair_in_halves_1(word: u32) -> vec2f {
    return unpack2x16float((word & 0x03c003c0u) | 0x3c003c00u);
}

fn low_nibbles_1(word: u32) -> vec4f {
    return vec4f(pair_in_halves_1(word << 6u), pair_in_halves_1(word >> 2u)).xzyw;
}

fn high_nibbles_1(word: u32) -> vec4f {
    return vec4f(pair_in_halves_1(word << 2u), pair_in_halves_1(word >> 6u)).xzyw;
}

// Of each quant of a block 1 + q / 16.
fn load_quants_1(at: u32) -> Block {
    let q = texel_1(at);
    return Block(
        low_nibbles_1(q.x), low_nibbles_1(q.y), low_nibbles_1(q.z), low_nibbles_1(q.w),
        high_nibbles_1(q.x), high_nibbles_1(q.y), high_nibbles_1(q.z), high_nibbles_1(q.w));
}

// The sum of q * x; `sum` is that of x.
fn dot_quants_1(at: u32, x: Block, sum: f32) -> f32 {
    return 16.0 * (dot_blocks(load_quants_1(at), x) - sum);
}

// d * q + m for quants as `load_quants` gives them.
fn scaled_1(q: Block, d: f32, m: f32) -> Block {
    return affine(q, vec4f(16.0 * d), m - 16.0 * d);
}

fn prepare_1(own: vec4f, quarter: u32) -> vec4f {
    return own;
}

// q4_1: w = d * q + m. A header texel holds (d, m) of four blocks.
// links: texel_1, nibbles_1
const HEADER_1: u32 = 1u;
const CHUNK_1: u32 = 4u;

struct Header_1 {
    scales: vec4u,
}

fn header_1(at: u32) -> Header_1 {
    return Header_1(texel_1(at));
}

fn load_block_1(head: Header_1, index: u32, at: u32) -> Block {
    let scale = unpack2x16float(word_of(head.scales, index));
    return scaled_1(load_quants_1(at), scale.x, scale.y);
}

fn dot_block_1(head: Header_1, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = unpack2x16float(word_of(head.scales, index));
    return scale.x * dot_quants_1(at, x, sum) + scale.y * sum;
}

// Four tiles of eight rows, one after another.
// links: point_1
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
            y_1[index] = point_1(index, row, value[which]);
        }
    }
}

// A block of the input as a product takes it. No loop stands around the loads, so that all are asked for before the first is waited
// for.
// links: block, prepare_1, input, gained
struct InputBlock_1 {
    elements: Block,
    sum: f32,
    squares: f32,
}

fn sum_of_block_1(block: Block) -> f32 {
    let sum = ((block.e0 + block.e1) + (block.e2 + block.e3)) + ((block.e4 + block.e5) + (block.e6 + block.e7));
    return (sum.x + sum.y) + (sum.z + sum.w);
}

fn block_of_input_1(token: u32, block: u32) -> InputBlock_1 {
    let quarter = block * 8u;
    let own = Block(
        input(token, quarter), input(token, quarter + 1u), input(token, quarter + 2u), input(token, quarter + 3u),
        input(token, quarter + 4u), input(token, quarter + 5u), input(token, quarter + 6u), input(token, quarter + 7u));
    let gains = Block(
        gained(own.e0, quarter), gained(own.e1, quarter + 1u), gained(own.e2, quarter + 2u), gained(own.e3, quarter + 3u),
        gained(own.e4, quarter + 4u), gained(own.e5, quarter + 5u), gained(own.e6, quarter + 6u), gained(own.e7, quarter + 7u));
    let elements = Block(
        prepare_1(gains.e0, 0u), prepare_1(gains.e1, 1u), prepare_1(gains.e2, 2u), prepare_1(gains.e3, 3u),
        prepare_1(gains.e4, 4u), prepare_1(gains.e5, 5u), prepare_1(gains.e6, 6u), prepare_1(gains.e7, 7u));
    return InputBlock_1(elements, sum_of_block_1(gains), dot_blocks(own, own));
}

// y[token, row] = sum_k weight[row, k] * x[token, k], one token of the grid's second axis: a workgroup of LANES lanes owns four
// tiles of eight rows. Lane l works on row l % 8 of each tile and on every (LANES / 8)th block from block l / 8; the partial sums
// meet in workgroup memory.
// links: texel_1, codec_1, input, block_of_input_1, rows_1, finish_1
const PARTS_1: u32 = LANES / 8u;

var<workgroup> partial_sums_1: array<vec4f, LANES>;
var<workgroup> partial_squares_1: array<f32, PARTS_1>;

fn main_1(group_id: vec3u, lane: u32) {
    let group = group_id.x;
    let token = group_id.y;
    let lane_row = lane & 7u;
    let part = lane >> 3u;
    let row0 = tile_of_1(group, 0u) * TILE_TEXELS_1 + lane_row;
    let row1 = tile_of_1(group, 1u) * TILE_TEXELS_1 + lane_row;
    let row2 = tile_of_1(group, 2u) * TILE_TEXELS_1 + lane_row;
    let row3 = tile_of_1(group, 3u) * TILE_TEXELS_1 + lane_row;
    var sums = vec4f();
    var squares = 0.0;
    for (var block = part; block < BLOCKS; block += PARTS_1) {
        let chunk = block / CHUNK_1;
        let index = block - chunk * CHUNK_1;
        let head = 8u * chunk * (HEADER_1 + CHUNK_1 * QUANTS_1);
        let at = head + 8u * (HEADER_1 + index * QUANTS_1);
        let own = block_of_input_1(token, block);
        squares += own.squares;
        sums += vec4f(
            dot_block_1(header_1(row0 + head), index, row0 + at, own.elements, own.sum),
            dot_block_1(header_1(row1 + head), index, row1 + at, own.elements, own.sum),
            dot_block_1(header_1(row2 + head), index, row2 + at, own.elements, own.sum),
            dot_block_1(header_1(row3 + head), index, row3 + at, own.elements, own.sum));
    }
    partial_sums_1[lane] = sums;
    if (lane_row == 0u) {
        partial_squares_1[part] = squares;
    }
    workgroupBarrier();
    if (lane < 8u) {
        var total = vec4f();
        var total_squares = 0.0;
        for (var other = 0u; other < PARTS_1; other++) {
            total += partial_sums_1[other * 8u + lane];
            total_squares += partial_squares_1[other];
        }
        finish_1(token, group, lane, total * normalise(total_squares));
    }
}

// binds: vector0_2
fn point_2(index: u32, column: u32, part0: f32) -> f32 {
    return part0 + vector0_2[column / 4u][column % 4u];
}

// A weight in a storage buffer.
// binds: weights_2
fn texel_2(index: u32) -> vec4u {
    return weights_2[index];
}

// Quants of up to seven bits, one in each byte of a word.
//
// A byte is moved to the fraction of a half whose exponent is that of 1, which so becomes 1 + q / 128: two at a time, one in each half
// of a word. GPUs multiply a half by a float without converting it first. The sum of the ones is that of x, and is taken off once for
// a block.
// links: affine
fn byte_pair_in_halves_2(word: u32) -> vec2f {
    return unpack2x16float((word & 0x03f803f8u) | 0x3c003c00u);
}

// Of each byte of a word 1 + q / 128.
fn bytes_2(word: u32) -> vec4f {
    return vec4f(byte_pair_in_halves_2(word << 3u), byte_pair_in_halves_2(word >> 5u)).xzyw;
}

// The sum of q * x for quants as `bytes` gives them; `sum` is that of x.
fn dot_bytes_2(q: Block, x: Block, sum: f32) -> f32 {
    return 128.0 * (dot_blocks(q, x) - sum);
}

// d * q + m for quants as `bytes` gives them.
fn scaled_2(q: Block, d: f32, m: f32) -> Block {
    return affine(q, vec4f(128.0 * d), m - 128.0 * d);
}

fn prepare_2(own: vec4f, quarter: u32) -> vec4f {
    return own;
}

// Quants of five bits: a texel holds the lower four bits of a block, element i in the low nibble of byte i, element 16 + i in its
// high nibble; a word of the header holds the fifth bits, bit p of byte k for element 4p + k.
// links: texel_2, bytes_2
const QUANTS_2: u32 = 1u;

// Elements 4 * part to 4 * part + 3, of which `word` has the low nibbles of its bytes.
fn five_bits_2(word: u32, fifth: u32, part: u32) -> vec4f {
    return bytes_2((word & 0x0f0f0f0fu) | (((fifth >> part) & 0x01010101u) << 4u));
}

fn load_quants_2(at: u32, fifth: u32) -> Block {
    let low = texel_2(at);
    let high = low >> vec4u(4u);
    return Block(
        five_bits_2(low.x, fifth, 0u), five_bits_2(low.y, fifth, 1u),
        five_bits_2(low.z, fifth, 2u), five_bits_2(low.w, fifth, 3u),
        five_bits_2(high.x, fifth, 4u), five_bits_2(high.y, fifth, 5u),
        five_bits_2(high.z, fifth, 6u), five_bits_2(high.w, fifth, 7u));
}

// Scales and minima of six bits for the eight blocks of a superblock. A header texel: d and dmin as halves; then bytes s0 to s3,
// m0 to m3 and t0 to t3. Of blocks j below 4, the scale is the lower six bits of s_j, the minimum those of m_j. Of block 4 + j, the
// lower four bits of the scale are the low nibble of t_j, those of the minimum its high nibble; the upper two bits are those of
// s_j and m_j.

// (d * scale, -dmin * minimum) of block `index`.
fn six_bit_scales_2(words: vec4u, index: u32) -> vec2f {
    let bytes_of = words.yzw >> vec3u(8u * (index & 3u));
    let first = bytes_of.xy & vec2u(0x3fu);
    let later = ((vec2u(bytes_of.z) >> vec2u(0u, 4u)) & vec2u(0xfu)) | ((bytes_of.xy >> vec2u(2u)) & vec2u(0x30u));
    return unpack2x16float(words.x) * vec2f(vec2i(select(first, later, index >= 4u))) * vec2f(1.0, -1.0);
}

// q5_k: w = d * scale * q - dmin * minimum, with six bits of scale and minimum for each block. Of the three header texels the first
// holds those of the eight blocks of a superblock, the others their words of fifth bits.
// links: texel_2, fives_2, six_bit_scales_2
const HEADER_2: u32 = 3u;
const CHUNK_2: u32 = 8u;

struct Header_2 {
    scales: vec4u,
    fifth_low: vec4u,
    fifth_high: vec4u,
}

fn header_2(at: u32) -> Header_2 {
    return Header_2(texel_2(at), texel_2(at + 8u), texel_2(at + 16u));
}

fn fifth_of_2(head: Header_2, index: u32) -> u32 {
    return select(word_of(head.fifth_low, index), word_of(head.fifth_high, index), index >= 4u);
}

fn load_block_2(head: Header_2, index: u32, at: u32) -> Block {
    let scale = six_bit_scales_2(head.scales, index);
    return scaled_2(load_quants_2(at, fifth_of_2(head, index)), scale.x, scale.y);
}

fn dot_block_2(head: Header_2, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = six_bit_scales_2(head.scales, index);
    return scale.x * dot_bytes_2(load_quants_2(at, fifth_of_2(head, index)), x, sum) + scale.y * sum;
}

// Four tiles of eight rows, one after another.
// links: point_2
// binds: y_2
const TILES_OF_GROUP_2: u32 = 4u;

fn tile_of_2(group: u32, which: u32) -> u32 {
    return min(group * 4u + which, TILES_2 - 1u);
}

// Four rows of one token, one of each tile; rows that the last tile lacks are not stored.
fn finish_2(token: u32, group: u32, lane: u32, value: vec4f) {
    for (var which = 0u; which < 4u; which++) {
        let row = (group * 4u + which) * 8u + lane;
        if (row < ROWS_2) {
            let index = token * ROWS_2 + row;
            y_2[index] = point_2(index, row, value[which]);
        }
    }
}

// A block of the input as a product takes it. No loop stands around the loads, so that all are asked for before the first is waited
// for.
// links: block, prepare_2, input, gained
struct InputBlock_2 {
    elements: Block,
    sum: f32,
    squares: f32,
}

fn sum_of_block_2(block: Block) -> f32 {
    let sum = ((block.e0 + block.e1) + (block.e2 + block.e3)) + ((block.e4 + block.e5) + (block.e6 + block.e7));
    return (sum.x + sum.y) + (sum.z + sum.w);
}

fn block_of_input_2(token: u32, block: u32) -> InputBlock_2 {
    let quarter = block * 8u;
    let own = Block(
        input(token, quarter), input(token, quarter + 1u), input(token, quarter + 2u), input(token, quarter + 3u),
        input(token, quarter + 4u), input(token, quarter + 5u), input(token, quarter + 6u), input(token, quarter + 7u));
    let gains = Block(
        gained(own.e0, quarter), gained(own.e1, quarter + 1u), gained(own.e2, quarter + 2u), gained(own.e3, quarter + 3u),
        gained(own.e4, quarter + 4u), gained(own.e5, quarter + 5u), gained(own.e6, quarter + 6u), gained(own.e7, quarter + 7u));
    let elements = Block(
        prepare_2(gains.e0, 0u), prepare_2(gains.e1, 1u), prepare_2(gains.e2, 2u), prepare_2(gains.e3, 3u),
        prepare_2(gains.e4, 4u), prepare_2(gains.e5, 5u), prepare_2(gains.e6, 6u), prepare_2(gains.e7, 7u));
    return InputBlock_2(elements, sum_of_block_2(gains), dot_blocks(own, own));
}

// y[token, row] = sum_k weight[row, k] * x[token, k], one token of the grid's second axis: a workgroup of LANES lanes owns four
// tiles of eight rows. Lane l works on row l % 8 of each tile and on every (LANES / 8)th block from block l / 8; the partial sums
// meet in workgroup memory.
// links: texel_2, codec_2, input, block_of_input_2, rows_2, finish_2
const PARTS_2: u32 = LANES / 8u;

var<workgroup> partial_sums_2: array<vec4f, LANES>;
var<workgroup> partial_squares_2: array<f32, PARTS_2>;

fn main_2(group_id: vec3u, lane: u32) {
    let group = group_id.x;
    let token = group_id.y;
    let lane_row = lane & 7u;
    let part = lane >> 3u;
    let row0 = tile_of_2(group, 0u) * TILE_TEXELS_2 + lane_row;
    let row1 = tile_of_2(group, 1u) * TILE_TEXELS_2 + lane_row;
    let row2 = tile_of_2(group, 2u) * TILE_TEXELS_2 + lane_row;
    let row3 = tile_of_2(group, 3u) * TILE_TEXELS_2 + lane_row;
    var sums = vec4f();
    var squares = 0.0;
    for (var block = part; block < BLOCKS; block += PARTS_2) {
        let chunk = block / CHUNK_2;
        let index = block - chunk * CHUNK_2;
        let head = 8u * chunk * (HEADER_2 + CHUNK_2 * QUANTS_2);
        let at = head + 8u * (HEADER_2 + index * QUANTS_2);
        let own = block_of_input_2(token, block);
        squares += own.squares;
        sums += vec4f(
            dot_block_2(header_2(row0 + head), index, row0 + at, own.elements, own.sum),
            dot_block_2(header_2(row1 + head), index, row1 + at, own.elements, own.sum),
            dot_block_2(header_2(row2 + head), index, row2 + at, own.elements, own.sum),
            dot_block_2(header_2(row3 + head), index, row3 + at, own.elements, own.sum));
    }
    partial_sums_2[lane] = sums;
    if (lane_row == 0u) {
        partial_squares_2[part] = squares;
    }
    workgroupBarrier();
    if (lane < 8u) {
        var total = vec4f();
        var total_squares = 0.0;
        for (var other = 0u; other < PARTS_2; other++) {
            total += partial_sums_2[other * 8u + lane];
            total_squares += partial_squares_2[other];
        }
        finish_2(token, group, lane, total * normalise(total_squares));
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

// A workgroup begins with its kernel.
fn begin(group: u32, lane: u32) {}

// Three kernels side by side: the first workgroups along x run the first, those behind them the second, the others the third.
// links: begin, main_0, main_1, main_2
@compute @workgroup_size(GROUP_LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    begin(group_id.x, lane);
    if (group_id.x < GROUPS_0) {
        main_0(group_id, lane);
    } else if (group_id.x < GROUPS_0 + GROUPS_1) {
        main_1(vec3u(group_id.x - GROUPS_0, group_id.yz), lane);
    } else {
        main_2(vec3u(group_id.x - GROUPS_0 - GROUPS_1, group_id.yz), lane);
    }
}
