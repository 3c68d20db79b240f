const ROWS: u32 = 576u;
const COLUMNS: u32 = 576u;
const BLOCKS: u32 = 18u;
const TILES: u32 = 72u;
const TILE_TEXELS: u32 = 184u;
const GROUP_TILES: u32 = 6u;
@group(0) @binding(0) var weights: texture_2d<u32>;
@group(0) @binding(1) var<storage, read_write> x: array<f32, 9216>;
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

// Quants of four bits for a kernel of four lanes: masked where they are, never shifted. A nibble at bit s is q * 2^s, and the input
// that it meets is divided by 2^s, which is exact. The topmost nibble would be taken for a sign: its highest bit is inverted, so that
// it stands for q - 8, and 8 times the elements that it meets is added to the product.
// links: texel_behind
fn low_nibbles(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) & vec4u(0xfu, 0xf00u, 0xf0000u, 0xf000000u)));
}

fn high_nibbles(word: u32) -> vec4f {
    return vec4f(bitcast<vec4i>(vec4u(word ^ 0x80000000u) & vec4u(0xf0u, 0xf000u, 0xf00000u, 0xf0000000u)));
}

fn quants_of(scales: Scales, tile: Anchor, row: u32, step: Step, which: u32) -> Block {
    let words = texel_behind(tile, row + step.quants + which * step.next);
    return Block(
        low_nibbles(words.x), low_nibbles(words.y), low_nibbles(words.z), low_nibbles(words.w),
        high_nibbles(words.x), high_nibbles(words.y), high_nibbles(words.z), high_nibbles(words.w));
}

// What lane l owns meets the nibbles at the bits 8l and 8l + 4.
fn placed_for_quants(own: Own, lane: u32) -> Own {
    let scale = bitcast<f32>((127u - 8u * lane) << 23u);
    return Own(own.low * scale, own.high * (scale * 0x1p-4));
}

// Lane 3 owns the elements that the topmost nibbles meet.
fn top_nibbles(own: Own, lane: u32) -> f32 {
    return select(0.0, 8.0 * dot(own.high, vec4f(1.0)), lane == 3u);
}

// q4_1 for a kernel of four lanes: w = d * q + m. A header texel holds (d, m) of four blocks, a word each.
// links: nibbles, texel_behind
const HEADER: u32 = 1u;
const QUANTS: u32 = 1u;
const CHUNK: u32 = 4u;

struct Scales {
    first: vec2f,
    second: vec2f,
}

fn step_scales(tile: Anchor, row: u32, step: Step) -> Scales {
    let words = texel_behind(tile, row);
    let both = select(words.xy, words.zw, step.index == 2u);
    return Scales(unpack2x16float(both.x), unpack2x16float(both.y));
}

fn scaled_sum(scales: Scales, which: u32, product: f32, input: Input) -> f32 {
    let scale = select(scales.first, scales.second, which == 1u);
    return fma(scale.x, product + input.correction, scale.y * input.sum);
}

fn correction_of(own: Own, lane: u32) -> f32 {
    return top_nibbles(own, lane);
}

// The input of a matrix kernel of four lanes as it is. Lane l owns the elements 4q + l of a block.
// links: element, own_elements
fn gains_of(block: u32, lane: u32) -> Own {
    return Own(vec4f(1.0), vec4f(1.0));
}

fn gained(own: Own, gains: Own) -> Own {
    return own;
}

fn normalise(squares: f32) -> f32 {
    return 1.0;
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

// Tiles of eight rows, one after another.
// links: sums, point
// binds: y
fn tile_of(group: u32, index: u32) -> u32 {
    return min(group * GROUP_TILES + index, TILES - 1u);
}

// One row of one token; rows that a tile lacks are not stored.
fn put(token: u32, row: u32, value: f32) {
    if (row < ROWS) {
        let index = token * ROWS + row;
        y[index] = point(index, row, value);
    }
}

fn finish(token: u32, group: u32, lane: u32, sums: Sums, factor: f32) {
    var left = sums;
    for (var index = 0u; index < GROUP_TILES; index++) {
        let value = first_of(left) * factor;
        let row = (group * GROUP_TILES + index) * 8u + lane;
        put(token, row, value.x);
        put(token, row + 4u, value.y);
        left = turned(left, vec2f());
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
