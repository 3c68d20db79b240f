const GROUP_LANES: u32 = 4u;
const ROWS_0: u32 = 960u;
const COLUMNS: u32 = 768u;
const BLOCKS: u32 = 24u;
const TILES_0: u32 = 120u;
const TILE_TEXELS_0: u32 = 216u;
const GROUP_TILES: u32 = 8u;
const EPSILON: f32 = 1.0E-5f;
const GROUPS_0: u32 = 15u;
const ROWS_1: u32 = 192u;
const TILES_1: u32 = 24u;
const TILE_TEXELS_1: u32 = 336u;
@group(0) @binding(0) var weights_0: texture_2d<u32>;
@group(0) @binding(1) var<storage, read_write> x: array<f32, 393216>;
@group(0) @binding(2) var<storage, read> gain: array<f32, 768>;
@group(0) @binding(3) var<storage, read_write> y_0: array<f32>;
@group(0) @binding(4) var weights_1: texture_2d<u32>;
@group(0) @binding(5) var<storage, read_write> y_1: array<f32>;

fn point(index: u32, column: u32, part0: f32) -> f32 {
    return part0;
}

// A weight in a sampled texture of rgba32uint, 4096 texels a row.
// binds: weights_0
fn texel_0(index: u32) -> vec4u {
    return textureLoad(weights_0, vec2u(index & 4095u, index >> 12u), 0);
}

// A texel whose coordinates are found once for those shortly behind it: drivers without shifts by vectors pay for every shift.
struct Anchor_0 {
    index: u32,
    column: u32,
    line: u32,
}

fn anchor_at_0(index: u32) -> Anchor_0 {
    return Anchor_0(index, index & 4095u, index >> 12u);
}

// The texel so many behind the anchor, fewer than 4096.
fn texel_behind_0(anchor: Anchor_0, offset: u32) -> vec4u {
    let column = anchor.column + offset;
    let beyond = column > 4095u;
    let at = vec2u(select(column, column - 4096u, beyond), select(anchor.line, anchor.line + 1u, beyond));
    return textureLoad(weights_0, at, 0);
}

// Pairs of blocks in a row. Loops count by ones: compilers of WGSL that must prove that a loop ends add a counter to others.
const PAIRS_0: u32 = (BLOCKS + 1u) / 2u;

// Where two neighbouring blocks lie in every tile: steps of a walk along the columns.
struct Step_0 {
    // The texel of the tile's first header of their chunk, and which of the chunk's blocks is the first of the two.
    head: u32,
    index: u32,
    // How many texels behind a row's header the first block's quants lie, and behind those the second's: none, where the row has no
    // second.
    quants: u32,
    next: u32,
}

fn step_at_0(first: u32) -> Step_0 {
    let chunk = first / CHUNK_0;
    let index = first - chunk * CHUNK_0;
    let head = 8u * chunk * (HEADER_0 + CHUNK_0 * QUANTS_0);
    let next = select(8u * QUANTS_0, 0u, BLOCKS % 2u != 0u && first + 1u == BLOCKS);
    return Step_0(head, index, 8u * (HEADER_0 + index * QUANTS_0), next);
}

// Two blocks of the input, handed round among the four lanes of a workgroup, which are in one subgroup whatever its size.
// links: block, quants_0, element

// What a lane owns of a block: the elements 4q + lane, q from 0 to 3 and from 4 to 7.
struct Own_0 {
    low: vec4f,
    high: vec4f,
}

// A block of the input: its elements as `dot_blocks` is to meet them, their sum, and what masked quants need added to the product.
struct Input_0 {
    elements: Block,
    sum: f32,
    correction: f32,
}

fn own_elements_0(token: u32, block: u32, lane: u32) -> Own_0 {
    let at = block * 32u + lane;
    return Own_0(
        vec4f(element(token, at), element(token, at + 4u), element(token, at + 8u), element(token, at + 12u)),
        vec4f(element(token, at + 16u), element(token, at + 20u), element(token, at + 24u), element(token, at + 28u)));
}

fn squares_of_0(own: Own_0) -> f32 {
    return dot(own.low, own.low) + dot(own.high, own.high);
}

fn shared_among_lanes_0(own: f32) -> vec4f {
    return vec4f(
        subgroupBroadcast(own, 0u), subgroupBroadcast(own, 1u), subgroupBroadcast(own, 2u), subgroupBroadcast(own, 3u));
}

fn input_of_0(own: Own_0, lane: u32) -> Input_0 {
    let placed = placed_for_quants_0(own, lane);
    return Input_0(
        Block(
            shared_among_lanes_0(placed.low.x), shared_among_lanes_0(placed.low.y),
            shared_among_lanes_0(placed.low.z), shared_among_lanes_0(placed.low.w),
            shared_among_lanes_0(placed.high.x), shared_among_lanes_0(placed.high.y),
            shared_among_lanes_0(placed.high.z), shared_among_lanes_0(placed.high.w)),
        subgroupAdd(dot(own.low + own.high, vec4f(1.0))),
        subgroupAdd(correction_of_0(own, lane)));
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

// The weights of any encoding for a kernel of four lanes: decoded, then multiplied.
// links: texel_0, header_0, load_block_0
struct Scales_0 {
    head: Header_0,
}

fn step_scales_0(tile: Anchor_0, row: u32, step: Step_0) -> Scales_0 {
    return Scales_0(header_0(tile.index + row));
}

fn quants_of_0(scales: Scales_0, tile: Anchor_0, row: u32, step: Step_0, which: u32) -> Block {
    return load_block_0(scales.head, step.index + which, tile.index + row + step.quants + which * step.next);
}

fn scaled_sum_0(scales: Scales_0, which: u32, product: f32, input: Input_0) -> f32 {
    return product;
}

fn placed_for_quants_0(own: Own_0, lane: u32) -> Own_0 {
    return own;
}

fn correction_of_0(own: Own_0, lane: u32) -> f32 {
    return 0.0;
}

// The input of a matrix kernel of four lanes under RMS normalisation: x * gain goes into the product, and the finished row is divided
// by the root of the mean square, which the lanes have gathered on the way.
// links: own_elements_0
// binds: gain
fn gain_of_0(index: u32) -> f32 {
    return gain[select(index, min(index, COLUMNS - 1u), COLUMNS % 64u != 0u)];
}

fn gains_of_0(block: u32, lane: u32) -> Own_0 {
    let at = block * 32u + lane;
    return Own_0(
        vec4f(gain_of_0(at), gain_of_0(at + 4u), gain_of_0(at + 8u), gain_of_0(at + 12u)),
        vec4f(gain_of_0(at + 16u), gain_of_0(at + 20u), gain_of_0(at + 24u), gain_of_0(at + 28u)));
}

fn gained_0(own: Own_0, gains: Own_0) -> Own_0 {
    return Own_0(own.low * gains.low, own.high * gains.high);
}

fn normalise_0(squares: f32) -> f32 {
    return inverseSqrt(squares / f32(COLUMNS) + EPSILON);
}

// Tiles of eight rows, one after another.
// links: sums, point
// binds: y_0
fn tile_of_0(group: u32, index: u32) -> u32 {
    return min(group * GROUP_TILES + index, TILES_0 - 1u);
}

// One row of one token; rows that a tile lacks are not stored.
fn put_0(token: u32, row: u32, value: f32) {
    if (row < ROWS_0) {
        let index = token * ROWS_0 + row;
        y_0[index] = point(index, row, value);
    }
}

fn finish_0(token: u32, group: u32, lane: u32, sums: Sums, factor: f32) {
    var left = sums;
    for (var index = 0u; index < GROUP_TILES; index++) {
        let value = first_of(left) * factor;
        let row = (group * GROUP_TILES + index) * 8u + lane;
        put_0(token, row, value.x);
        put_0(token, row + 4u, value.y);
        left = turned(left, vec2f());
    }
}

// y[token, row] = sum_k weight[row, k] * x[token, k] for four tokens at a time: lanes and tiles as in matvec_four, each block of
// weights read once for the four tokens. Rows of x and y beyond the last token are read and written as they come.
// links: block, step_0, input_0, quants_0, tile_of_0, sums, finish_0
struct Four_0 {
    a: Input_0,
    b: Input_0,
    c: Input_0,
    d: Input_0,
}

fn scaled_sums_0(scales: Scales_0, which: u32, quants: Block, x: Four_0) -> vec4f {
    return vec4f(
        scaled_sum_0(scales, which, dot_blocks(quants, x.a.elements), x.a),
        scaled_sum_0(scales, which, dot_blocks(quants, x.b.elements), x.b),
        scaled_sum_0(scales, which, dot_blocks(quants, x.c.elements), x.c),
        scaled_sum_0(scales, which, dot_blocks(quants, x.d.elements), x.d));
}

fn step_products_0(tile: Anchor_0, row: u32, step: Step_0, first: Four_0, second: Four_0) -> vec4f {
    let scales = step_scales_0(tile, row, step);
    return scaled_sums_0(scales, 0u, quants_of_0(scales, tile, row, step, 0u), first)
        + scaled_sums_0(scales, 1u, quants_of_0(scales, tile, row, step, 1u), second);
}

// One block of the input, of four tokens.
fn four_inputs_0(a: Own_0, b: Own_0, c: Own_0, d: Own_0, block: u32, lane: u32) -> Four_0 {
    let gains = gains_of_0(block, lane);
    return Four_0(
        input_of_0(gained_0(a, gains), lane), input_of_0(gained_0(b, gains), lane),
        input_of_0(gained_0(c, gains), lane), input_of_0(gained_0(d, gains), lane));
}

fn main_0(group_id: vec3u, lane: u32) {
    let group = group_id.x;
    let token = group_id.y * 4u;
    var sums0 = Sums();
    var sums1 = Sums();
    var sums2 = Sums();
    var sums3 = Sums();
    var squares = vec4f();
    for (var pair = 0u; pair < PAIRS_0; pair++) {
        let block = 2u * pair;
        let a0 = own_elements_0(token, block, lane);
        let b0 = own_elements_0(token + 1u, block, lane);
        let c0 = own_elements_0(token + 2u, block, lane);
        let d0 = own_elements_0(token + 3u, block, lane);
        let a1 = own_elements_0(token, block + 1u, lane);
        let b1 = own_elements_0(token + 1u, block + 1u, lane);
        let c1 = own_elements_0(token + 2u, block + 1u, lane);
        let d1 = own_elements_0(token + 3u, block + 1u, lane);
        squares += vec4f(squares_of_0(a0), squares_of_0(b0), squares_of_0(c0), squares_of_0(d0));
        squares += vec4f(squares_of_0(a1), squares_of_0(b1), squares_of_0(c1), squares_of_0(d1));
        let first = four_inputs_0(a0, b0, c0, d0, block, lane);
        let second = four_inputs_0(a1, b1, c1, d1, block + 1u, lane);
        let step = step_at_0(block);
        for (var index = 0u; index < GROUP_TILES; index++) {
            let tile = anchor_at_0(tile_of_0(group, index) * TILE_TEXELS_0 + step.head);
            let near = step_products_0(tile, lane, step, first, second);
            let far = step_products_0(tile, lane + 4u, step, first, second);
            sums0 = turned(sums0, first_of(sums0) + vec2f(near.x, far.x));
            sums1 = turned(sums1, first_of(sums1) + vec2f(near.y, far.y));
            sums2 = turned(sums2, first_of(sums2) + vec2f(near.z, far.z));
            sums3 = turned(sums3, first_of(sums3) + vec2f(near.w, far.w));
        }
    }
    let total = subgroupAdd(squares);
    finish_0(token, group, lane, sums0, normalise_0(total.x));
    finish_0(token + 1u, group, lane, sums1, normalise_0(total.y));
    finish_0(token + 2u, group, lane, sums2, normalise_0(total.z));
    finish_0(token + 3u, group, lane, sums3, normalise_0(total.w));
}

// A weight in a sampled texture of rgba32uint, 4096 texels a row.
// binds: weights_1
fn texel_1(index: u32) -> vec4u {
    return textureLoad(weights_1, vec2u(index & 4095u, index >> 12u), 0);
}

// A texel whose coordinates are found once for those shortly behind it: drivers without shifts by vectors pay for every shift.
struct Anchor_1 {
    index: u32,
    column: u32,
    line: u32,
}

fn anchor_at_1(index: u32) -> Anchor_1 {
    return Anchor_1(index, index & 4095u, index >> 12u);
}

// The texel so many behind the anchor, fewer than 4096.
fn texel_behind_1(anchor: Anchor_1, offset: u32) -> vec4u {
    let column = anchor.column + offset;
    let beyond = column > 4095u;
    let at = vec2u(select(column, column - 4096u, beyond), select(anchor.line, anchor.line + 1u, beyond));
    return textureLoad(weights_1, at, 0);
}

// Pairs of blocks in a row. Loops count by ones: compilers of WGSL that must prove that a loop ends add a counter to others.
const PAIRS_1: u32 = (BLOCKS + 1u) / 2u;

// Where two neighbouring blocks lie in every tile: steps of a walk along the columns.
struct Step_1 {
    // The texel of the tile's first header of their chunk, and which of the chunk's blocks is the first of the two.
    head: u32,
    index: u32,
    // How many texels behind a row's header the first block's quants lie, and behind those the second's: none, where the row has no
    // second.
    quants: u32,
    next: u32,
}

fn step_at_1(first: u32) -> Step_1 {
    let chunk = first / CHUNK_1;
    let index = first - chunk * CHUNK_1;
    let head = 8u * chunk * (HEADER_1 + CHUNK_1 * QUANTS_1);
    let next = select(8u * QUANTS_1, 0u, BLOCKS % 2u != 0u && first + 1u == BLOCKS);
    return Step_1(head, index, 8u * (HEADER_1 + index * QUANTS_1), next);
}

// Two blocks of the input, handed round among the four lanes of a workgroup, which are in one subgroup whatever its size.
// links: block, quants_1, element

// What a lane owns of a block: the elements 4q + lane, q from 0 to 3 and from 4 to 7.
struct Own_1 {
    low: vec4f,
    high: vec4f,
}

// A block of the input: its elements as `dot_blocks` is to meet them, their sum, and what masked quants need added to the product.
struct Input_1 {
    elements: Block,
    sum: f32,
    correction: f32,
}

fn own_elements_1(token: u32, block: u32, lane: u32) -> Own_1 {
    let at = block * 32u + lane;
    return Own_1(
        vec4f(element(token, at), element(token, at + 4u), element(token, at + 8u), element(token, at + 12u)),
        vec4f(element(token, at + 16u), element(token, at + 20u), element(token, at + 24u), element(token, at + 28u)));
}

fn squares_of_1(own: Own_1) -> f32 {
    return dot(own.low, own.low) + dot(own.high, own.high);
}

fn shared_among_lanes_1(own: f32) -> vec4f {
    return vec4f(
        subgroupBroadcast(own, 0u), subgroupBroadcast(own, 1u), subgroupBroadcast(own, 2u), subgroupBroadcast(own, 3u));
}

fn input_of_1(own: Own_1, lane: u32) -> Input_1 {
    let placed = placed_for_quants_1(own, lane);
    return Input_1(
        Block(
            shared_among_lanes_1(placed.low.x), shared_among_lanes_1(placed.low.y),
            shared_among_lanes_1(placed.low.z), shared_among_lanes_1(placed.low.w),
            shared_among_lanes_1(placed.high.x), shared_among_lanes_1(placed.high.y),
            shared_among_lanes_1(placed.high.z), shared_among_lanes_1(placed.high.w)),
        subgroupAdd(dot(own.low + own.high, vec4f(1.0))),
        subgroupAdd(correction_of_1(own, lane)));
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

// The weights of any encoding for a kernel of four lanes: decoded, then multiplied.
// links: texel_1, header_1, load_block_1
struct Scales_1 {
    head: Header_1,
}

fn step_scales_1(tile: Anchor_1, row: u32, step: Step_1) -> Scales_1 {
    return Scales_1(header_1(tile.index + row));
}

fn quants_of_1(scales: Scales_1, tile: Anchor_1, row: u32, step: Step_1, which: u32) -> Block {
    return load_block_1(scales.head, step.index + which, tile.index + row + step.quants + which * step.next);
}

fn scaled_sum_1(scales: Scales_1, which: u32, product: f32, input: Input_1) -> f32 {
    return product;
}

fn placed_for_quants_1(own: Own_1, lane: u32) -> Own_1 {
    return own;
}

fn correction_of_1(own: Own_1, lane: u32) -> f32 {
    return 0.0;
}

// The input of a matrix kernel of four lanes under RMS normalisation: x * gain goes into the product, and the finished row is divided
// by the root of the mean square, which the lanes have gathered on the way.
// links: own_elements_1
// binds: gain
fn gain_of_1(index: u32) -> f32 {
    return gain[select(index, min(index, COLUMNS - 1u), COLUMNS % 64u != 0u)];
}

fn gains_of_1(block: u32, lane: u32) -> Own_1 {
    let at = block * 32u + lane;
    return Own_1(
        vec4f(gain_of_1(at), gain_of_1(at + 4u), gain_of_1(at + 8u), gain_of_1(at + 12u)),
        vec4f(gain_of_1(at + 16u), gain_of_1(at + 20u), gain_of_1(at + 24u), gain_of_1(at + 28u)));
}

fn gained_1(own: Own_1, gains: Own_1) -> Own_1 {
    return Own_1(own.low * gains.low, own.high * gains.high);
}

fn normalise_1(squares: f32) -> f32 {
    return inverseSqrt(squares / f32(COLUMNS) + EPSILON);
}

// Tiles of eight rows, one after another.
// links: sums, point
// binds: y_1
fn tile_of_1(group: u32, index: u32) -> u32 {
    return min(group * GROUP_TILES + index, TILES_1 - 1u);
}

// One row of one token; rows that a tile lacks are not stored.
fn put_1(token: u32, row: u32, value: f32) {
    if (row < ROWS_1) {
        let index = token * ROWS_1 + row;
        y_1[index] = point(index, row, value);
    }
}

fn finish_1(token: u32, group: u32, lane: u32, sums: Sums, factor: f32) {
    var left = sums;
    for (var index = 0u; index < GROUP_TILES; index++) {
        let value = first_of(left) * factor;
        let row = (group * GROUP_TILES + index) * 8u + lane;
        put_1(token, row, value.x);
        put_1(token, row + 4u, value.y);
        left = turned(left, vec2f());
    }
}

// y[token, row] = sum_k weight[row, k] * x[token, k] for four tokens at a time: lanes and tiles as in matvec_four, each block of
// weights read once for the four tokens. Rows of x and y beyond the last token are read and written as they come.
// links: block, step_1, input_1, quants_1, tile_of_1, sums, finish_1
struct Four_1 {
    a: Input_1,
    b: Input_1,
    c: Input_1,
    d: Input_1,
}

fn scaled_sums_1(scales: Scales_1, which: u32, quants: Block, x: Four_1) -> vec4f {
    return vec4f(
        scaled_sum_1(scales, which, dot_blocks(quants, x.a.elements), x.a),
        scaled_sum_1(scales, which, dot_blocks(quants, x.b.elements), x.b),
        scaled_sum_1(scales, which, dot_blocks(quants, x.c.elements), x.c),
        scaled_sum_1(scales, which, dot_blocks(quants, x.d.elements), x.d));
}

fn step_products_1(tile: Anchor_1, row: u32, step: Step_1, first: Four_1, second: Four_1) -> vec4f {
    let scales = step_scales_1(tile, row, step);
    return scaled_sums_1(scales, 0u, quants_of_1(scales, tile, row, step, 0u), first)
        + scaled_sums_1(scales, 1u, quants_of_1(scales, tile, row, step, 1u), second);
}

// One block of the input, of four tokens.
fn four_inputs_1(a: Own_1, b: Own_1, c: Own_1, d: Own_1, block: u32, lane: u32) -> Four_1 {
    let gains = gains_of_1(block, lane);
    return Four_1(
        input_of_1(gained_1(a, gains), lane), input_of_1(gained_1(b, gains), lane),
        input_of_1(gained_1(c, gains), lane), input_of_1(gained_1(d, gains), lane));
}

fn main_1(group_id: vec3u, lane: u32) {
    let group = group_id.x;
    let token = group_id.y * 4u;
    var sums0 = Sums();
    var sums1 = Sums();
    var sums2 = Sums();
    var sums3 = Sums();
    var squares = vec4f();
    for (var pair = 0u; pair < PAIRS_1; pair++) {
        let block = 2u * pair;
        let a0 = own_elements_1(token, block, lane);
        let b0 = own_elements_1(token + 1u, block, lane);
        let c0 = own_elements_1(token + 2u, block, lane);
        let d0 = own_elements_1(token + 3u, block, lane);
        let a1 = own_elements_1(token, block + 1u, lane);
        let b1 = own_elements_1(token + 1u, block + 1u, lane);
        let c1 = own_elements_1(token + 2u, block + 1u, lane);
        let d1 = own_elements_1(token + 3u, block + 1u, lane);
        squares += vec4f(squares_of_1(a0), squares_of_1(b0), squares_of_1(c0), squares_of_1(d0));
        squares += vec4f(squares_of_1(a1), squares_of_1(b1), squares_of_1(c1), squares_of_1(d1));
        let first = four_inputs_1(a0, b0, c0, d0, block, lane);
        let second = four_inputs_1(a1, b1, c1, d1, block + 1u, lane);
        let step = step_at_1(block);
        for (var index = 0u; index < GROUP_TILES; index++) {
            let tile = anchor_at_1(tile_of_1(group, index) * TILE_TEXELS_1 + step.head);
            let near = step_products_1(tile, lane, step, first, second);
            let far = step_products_1(tile, lane + 4u, step, first, second);
            sums0 = turned(sums0, first_of(sums0) + vec2f(near.x, far.x));
            sums1 = turned(sums1, first_of(sums1) + vec2f(near.y, far.y));
            sums2 = turned(sums2, first_of(sums2) + vec2f(near.z, far.z));
            sums3 = turned(sums3, first_of(sums3) + vec2f(near.w, far.w));
        }
    }
    let total = subgroupAdd(squares);
    finish_1(token, group, lane, sums0, normalise_1(total.x));
    finish_1(token + 1u, group, lane, sums1, normalise_1(total.y));
    finish_1(token + 2u, group, lane, sums2, normalise_1(total.z));
    finish_1(token + 3u, group, lane, sums3, normalise_1(total.w));
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

// An element of the input; none behind the last column.
// binds: x
fn element(token: u32, index: u32) -> f32 {
    if (COLUMNS % 64u == 0u) {
        return x[token * COLUMNS + index];
    }
    return select(0.0, x[token * COLUMNS + min(index, COLUMNS - 1u)], index < COLUMNS);
}

// The sums of up to sixteen tiles, of two rows a lane each: row `lane` and row `4 + lane` of the tile. Drivers that keep no array in
// registers still keep these: a loop over the tiles takes the first and puts last what becomes of it, so that after a whole round of
// GROUP_TILES every sum is where it was: the first tile's in place 16 - GROUP_TILES.
struct Sums {
    s0: vec2f,
    s1: vec2f,
    s2: vec2f,
    s3: vec2f,
    s4: vec2f,
    s5: vec2f,
    s6: vec2f,
    s7: vec2f,
    s8: vec2f,
    s9: vec2f,
    s10: vec2f,
    s11: vec2f,
    s12: vec2f,
    s13: vec2f,
    s14: vec2f,
    s15: vec2f,
}

fn first_of(sums: Sums) -> vec2f {
    if (GROUP_TILES == 16u) {
        return sums.s0;
    }
    if (GROUP_TILES == 8u) {
        return sums.s8;
    }
    if (GROUP_TILES == 6u) {
        return sums.s10;
    }
    return sums.s12;
}

fn turned(sums: Sums, last: vec2f) -> Sums {
    return Sums(
        sums.s1, sums.s2, sums.s3, sums.s4, sums.s5, sums.s6, sums.s7, sums.s8,
        sums.s9, sums.s10, sums.s11, sums.s12, sums.s13, sums.s14, sums.s15, last);
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
