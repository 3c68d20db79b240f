const ROWS: u32 = 3072u;
const COLUMNS: u32 = 768u;
const BLOCKS: u32 = 24u;
const TILES: u32 = 384u;
const TILE_TEXELS: u32 = 216u;
const GROUP_TILES: u32 = 16u;
const EPSILON: f32 = 1.0E-5f;
@group(0) @binding(0) var weights: texture_2d<u32>;
@group(0) @binding(1) var<storage, read_write> x: array<f32, 393216>;
@group(0) @binding(2) var<storage, read> gain: array<f32, 768>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

fn function_gelu(z: f32) -> f32 {
    return z / (1.0 + exp(-1.5957691216 * (z + 0.044715 * z * z * z)));
}

fn point(index: u32, column: u32, part0: f32, part1: f32) -> f32 {
    return function_gelu(part0) * part1;
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

// A weight in a sampled texture of rgba32uint, 4096 texels a row.
// binds: weights
fn texel(index: u32) -> vec4u {
    return textureLoad(weights, vec2u(index & 4095u, index >> 12u), 0);
}

// A texel whose coordinates are found once for those shortly behind it: drivers without shifts by vectors pay for every shift.
struct Anchor {
    index: u32,
    column: u32,
    line: u32,
}

fn anchor_at(index: u32) -> Anchor {
    return Anchor(index, index & 4095u, index >> 12u);
}

// The texel so many behind the anchor, fewer than 4096.
fn texel_behind(anchor: Anchor, offset: u32) -> vec4u {
    let column = anchor.column + offset;
    let beyond = column > 4095u;
    let at = vec2u(select(column, column - 4096u, beyond), select(anchor.line, anchor.line + 1u, beyond));
    return textureLoad(weights, at, 0);
}

// Pairs of blocks in a row. Loops count by ones: compilers of WGSL that must prove that a loop ends add a counter to others.
const PAIRS: u32 = (BLOCKS + 1u) / 2u;

// Where two neighbouring blocks lie in every tile: steps of a walk along the columns.
struct Step {
    // The texel of the tile's first header of their chunk, and which of the chunk's blocks is the first of the two.
    head: u32,
    index: u32,
    // How many texels behind a row's header the first block's quants lie, and behind those the second's: none, where the row has no
    // second.
    quants: u32,
    next: u32,
}

fn step_at(first: u32) -> Step {
    let chunk = first / CHUNK;
    let index = first - chunk * CHUNK;
    let head = 8u * chunk * (HEADER + CHUNK * QUANTS);
    let next = select(8u * QUANTS, 0u, BLOCKS % 2u != 0u && first + 1u == BLOCKS);
    return Step(head, index, 8u * (HEADER + index * QUANTS), next);
}

// Two blocks of the input, handed round among the four lanes of a workgroup, which are in one subgroup whatever its size.
// links: block, quants, element

// What a lane owns of a block: the elements 4q + lane, q from 0 to 3 and from 4 to 7.
struct Own {
    low: vec4f,
    high: vec4f,
}

// A block of the input: its elements as `dot_blocks` is to meet them, their sum, and what masked quants need added to the product.
struct Input {
    elements: Block,
    sum: f32,
    correction: f32,
}

fn own_elements(token: u32, block: u32, lane: u32) -> Own {
    let at = block * 32u + lane;
    return Own(
        vec4f(element(token, at), element(token, at + 4u), element(token, at + 8u), element(token, at + 12u)),
        vec4f(element(token, at + 16u), element(token, at + 20u), element(token, at + 24u), element(token, at + 28u)));
}

fn squares_of(own: Own) -> f32 {
    return dot(own.low, own.low) + dot(own.high, own.high);
}

fn shared_among_lanes(own: f32) -> vec4f {
    return vec4f(
        subgroupBroadcast(own, 0u), subgroupBroadcast(own, 1u), subgroupBroadcast(own, 2u), subgroupBroadcast(own, 3u));
}

fn input_of(own: Own, lane: u32) -> Input {
    let placed = placed_for_quants(own, lane);
    return Input(
        Block(
            shared_among_lanes(placed.low.x), shared_among_lanes(placed.low.y),
            shared_among_lanes(placed.low.z), shared_among_lanes(placed.low.w),
            shared_among_lanes(placed.high.x), shared_among_lanes(placed.high.y),
            shared_among_lanes(placed.high.z), shared_among_lanes(placed.high.w)),
        subgroupAdd(dot(own.low + own.high, vec4f(1.0))),
        subgroupAdd(correction_of(own, lane)));
}

// An element of the input; none behind the last column.
// binds: x
fn element(token: u32, index: u32) -> f32 {
    if (COLUMNS % 64u == 0u) {
        return x[token * COLUMNS + index];
    }
    return select(0.0, x[token * COLUMNS + min(index, COLUMNS - 1u)], index < COLUMNS);
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

// The weights of any encoding for a kernel of four lanes: decoded, then multiplied.
// links: texel, header, load_block
struct Scales {
    head: Header,
}

fn step_scales(tile: Anchor, row: u32, step: Step) -> Scales {
    return Scales(header(tile.index + row));
}

fn quants_of(scales: Scales, tile: Anchor, row: u32, step: Step, which: u32) -> Block {
    return load_block(scales.head, step.index + which, tile.index + row + step.quants + which * step.next);
}

fn scaled_sum(scales: Scales, which: u32, product: f32, input: Input) -> f32 {
    return product;
}

fn placed_for_quants(own: Own, lane: u32) -> Own {
    return own;
}

fn correction_of(own: Own, lane: u32) -> f32 {
    return 0.0;
}

// The input of a matrix kernel of four lanes under RMS normalisation: x * gain goes into the product, and the finished row is divided
// by the root of the mean square, which the lanes have gathered on the way.
// links: own_elements
// binds: gain
fn gain_of(index: u32) -> f32 {
    return gain[select(index, min(index, COLUMNS - 1u), COLUMNS % 64u != 0u)];
}

fn gains_of(block: u32, lane: u32) -> Own {
    let at = block * 32u + lane;
    return Own(
        vec4f(gain_of(at), gain_of(at + 4u), gain_of(at + 8u), gain_of(at + 12u)),
        vec4f(gain_of(at + 16u), gain_of(at + 20u), gain_of(at + 24u), gain_of(at + 28u)));
}

fn gained(own: Own, gains: Own) -> Own {
    return Own(own.low * gains.low, own.high * gains.high);
}

fn normalise(squares: f32) -> f32 {
    return inverseSqrt(squares / f32(COLUMNS) + EPSILON);
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

// Tiles of the first part's rows, then as many of the same rows of the second part, which begins half way.
// links: sums, point
// binds: y
const HALF: u32 = GROUP_TILES / 2u;

fn tile_of(group: u32, index: u32) -> u32 {
    let second = index >= HALF;
    let tile = group * HALF + select(index, index - HALF, second);
    return min(tile, TILES / 2u - 1u) + select(0u, TILES / 2u, second);
}

// One row of one token; rows that a tile lacks are not stored.
fn put(token: u32, row: u32, first: f32, second: f32) {
    if (row < ROWS / 2u) {
        let index = token * (ROWS / 2u) + row;
        y[index] = point(index, row, first, second);
    }
}

fn finish(token: u32, group: u32, lane: u32, sums: Sums, factor: f32) {
    var firsts = sums;
    var seconds = sums;
    for (var index = 0u; index < HALF; index++) {
        seconds = turned(seconds, vec2f());
    }
    for (var index = 0u; index < HALF; index++) {
        let first = first_of(firsts) * factor;
        let second = first_of(seconds) * factor;
        let row = (group * HALF + index) * 8u + lane;
        put(token, row, first.x, second.x);
        put(token, row + 4u, first.y, second.y);
        firsts = turned(firsts, vec2f());
        seconds = turned(seconds, vec2f());
    }
}

// y[token, row] = sum_k weight[row, k] * x[token, k] for four tokens at a time: lanes and tiles as in matvec_four, each block of
// weights read once for the four tokens. Rows of x and y beyond the last token are read and written as they come.
// links: block, step, input, quants, tile_of, sums, finish
struct Four {
    a: Input,
    b: Input,
    c: Input,
    d: Input,
}

fn scaled_sums(scales: Scales, which: u32, quants: Block, x: Four) -> vec4f {
    return vec4f(
        scaled_sum(scales, which, dot_blocks(quants, x.a.elements), x.a),
        scaled_sum(scales, which, dot_blocks(quants, x.b.elements), x.b),
        scaled_sum(scales, which, dot_blocks(quants, x.c.elements), x.c),
        scaled_sum(scales, which, dot_blocks(quants, x.d.elements), x.d));
}

fn step_products(tile: Anchor, row: u32, step: Step, first: Four, second: Four) -> vec4f {
    let scales = step_scales(tile, row, step);
    return scaled_sums(scales, 0u, quants_of(scales, tile, row, step, 0u), first)
        + scaled_sums(scales, 1u, quants_of(scales, tile, row, step, 1u), second);
}

// One block of the input, of four tokens.
fn four_inputs(a: Own, b: Own, c: Own, d: Own, block: u32, lane: u32) -> Four {
    let gains = gains_of(block, lane);
    return Four(
        input_of(gained(a, gains), lane), input_of(gained(b, gains), lane),
        input_of(gained(c, gains), lane), input_of(gained(d, gains), lane));
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let group = group_id.x;
    let token = group_id.y * 4u;
    var sums0 = Sums();
    var sums1 = Sums();
    var sums2 = Sums();
    var sums3 = Sums();
    var squares = vec4f();
    for (var pair = 0u; pair < PAIRS; pair++) {
        let block = 2u * pair;
        let a0 = own_elements(token, block, lane);
        let b0 = own_elements(token + 1u, block, lane);
        let c0 = own_elements(token + 2u, block, lane);
        let d0 = own_elements(token + 3u, block, lane);
        let a1 = own_elements(token, block + 1u, lane);
        let b1 = own_elements(token + 1u, block + 1u, lane);
        let c1 = own_elements(token + 2u, block + 1u, lane);
        let d1 = own_elements(token + 3u, block + 1u, lane);
        squares += vec4f(squares_of(a0), squares_of(b0), squares_of(c0), squares_of(d0));
        squares += vec4f(squares_of(a1), squares_of(b1), squares_of(c1), squares_of(d1));
        let first = four_inputs(a0, b0, c0, d0, block, lane);
        let second = four_inputs(a1, b1, c1, d1, block + 1u, lane);
        let step = step_at(block);
        for (var index = 0u; index < GROUP_TILES; index++) {
            let tile = anchor_at(tile_of(group, index) * TILE_TEXELS + step.head);
            let near = step_products(tile, lane, step, first, second);
            let far = step_products(tile, lane + 4u, step, first, second);
            sums0 = turned(sums0, first_of(sums0) + vec2f(near.x, far.x));
            sums1 = turned(sums1, first_of(sums1) + vec2f(near.y, far.y));
            sums2 = turned(sums2, first_of(sums2) + vec2f(near.z, far.z));
            sums3 = turned(sums3, first_of(sums3) + vec2f(near.w, far.w));
        }
    }
    let total = subgroupAdd(squares);
    finish(token, group, lane, sums0, normalise(total.x));
    finish(token + 1u, group, lane, sums1, normalise(total.y));
    finish(token + 2u, group, lane, sums2, normalise(total.z));
    finish(token + 3u, group, lane, sums3, normalise(total.w));
}
