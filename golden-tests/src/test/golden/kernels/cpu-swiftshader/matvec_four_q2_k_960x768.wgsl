const ROWS: u32 = 960u;
const COLUMNS: u32 = 768u;
const BLOCKS: u32 = 24u;
const TILES: u32 = 120u;
const TILE_TEXELS: u32 = 144u;
const GROUP_TILES: u32 = 8u;
@group(0) @binding(0) var weights: texture_2d<u32>;
@group(0) @binding(1) var<storage, read_write> x: array<f32, 768>;
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

// q2_k: w = d * scale * q - dmin * minimum, with four bits of scale and minimum for sixteen elements. Of the six header texels the
// first holds the sixteen bytes of a superblock, the scale in the low nibble; the second (d, dmin); each of the others the quants of
// two blocks, two words a block.
//
// Per superblock 12 bytes, those behind dmin, are padding.
// links: texel, bytes, two_bits, sixteens
const HEADER: u32 = 6u;
const QUANTS: u32 = 0u;
const CHUNK: u32 = 8u;

struct Header {
    scales: vec4u,
    d: vec2f,
}

fn header(at: u32) -> Header {
    return Header(texel(at), unpack2x16float(texel(at + 8u).x));
}

// (d * scale, d * scale) of the two halves of a block, then (dmin * minimum, dmin * minimum).
fn scales_of(head: Header, index: u32) -> vec4f {
    let pair = (vec4u(half_of(head.scales, index)) >> vec4u(0u, 8u, 4u, 12u)) & vec4u(0xfu);
    return head.d.xxyy * vec4f(vec4i(pair));
}

fn load_quants(index: u32, at: u32) -> Block {
    let q = pair_of(texel(at - 8u * (4u - index / 2u)), index);
    return Block(
        bytes(two_bits(q.x, 0u)), bytes(two_bits(q.x, 1u)), bytes(two_bits(q.x, 2u)), bytes(two_bits(q.x, 3u)),
        bytes(two_bits(q.y, 0u)), bytes(two_bits(q.y, 1u)), bytes(two_bits(q.y, 2u)), bytes(two_bits(q.y, 3u)));
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let scale = scales_of(head, index);
    return scaled_sixteens(load_quants(index, at), scale.xy, -scale.zw);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = scales_of(head, index);
    let sums = sums_of_sixteens(x, sum);
    return dot_sixteens(load_quants(index, at), x, scale.xy, sums) - dot(scale.zw, sums);
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

// y[row] = sum_k weight[row, k] * x[k], one token: a workgroup is four lanes of one subgroup, each the owner of two rows in each of
// GROUP_TILES tiles. Two blocks of x at a time are handed round once and meet all these rows.
// links: block, step, input, quants, tile_of, sums, finish
fn step_product(tile: Anchor, row: u32, step: Step, first: Input, second: Input) -> f32 {
    let scales = step_scales(tile, row, step);
    return scaled_sum(scales, 0u, dot_blocks(quants_of(scales, tile, row, step, 0u), first.elements), first)
        + scaled_sum(scales, 1u, dot_blocks(quants_of(scales, tile, row, step, 1u), second.elements), second);
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let group = group_id.x;
    var sums = Sums();
    var squares = 0.0;
    for (var pair = 0u; pair < PAIRS; pair++) {
        let block = 2u * pair;
        let own_first = own_elements(0u, block, lane);
        let own_second = own_elements(0u, block + 1u, lane);
        squares += squares_of(own_first) + squares_of(own_second);
        let first = input_of(gained(own_first, gains_of(block, lane)), lane);
        let second = input_of(gained(own_second, gains_of(block + 1u, lane)), lane);
        let step = step_at(block);
        for (var index = 0u; index < GROUP_TILES; index++) {
            let tile = anchor_at(tile_of(group, index) * TILE_TEXELS + step.head);
            let near = step_product(tile, lane, step, first, second);
            let far = step_product(tile, lane + 4u, step, first, second);
            sums = turned(sums, first_of(sums) + vec2f(near, far));
        }
    }
    finish(0u, group, lane, sums, normalise(subgroupAdd(squares)));
}
