const GROUP_LANES: u32 = 4u;
const ROWS_0: u32 = 960u;
const COLUMNS: u32 = 768u;
const BLOCKS: u32 = 24u;
const TILES_0: u32 = 120u;
const TILE_TEXELS_0: u32 = 408u;
const GROUP_TILES: u32 = 8u;
const GROUPS_0: u32 = 15u;
const ROWS_1: u32 = 192u;
const TILES_1: u32 = 24u;
const TILE_TEXELS_1: u32 = 240u;
const GROUPS_1: u32 = 3u;
const ROWS_2: u32 = 192u;
const TILES_2: u32 = 24u;
const TILE_TEXELS_2: u32 = 264u;
@group(0) @binding(0) var weights_0: texture_2d<u32>;
@group(0) @binding(1) var<storage, read_write> x: array<f32, 768>;
@group(0) @binding(2) var<uniform> vector0_0: array<vec4f, 240>;
@group(0) @binding(3) var<storage, read_write> y_0: array<f32>;
@group(0) @binding(4) var weights_1: texture_2d<u32>;
@group(0) @binding(5) var<uniform> vector0_1: array<vec4f, 48>;
@group(0) @binding(6) var<storage, read_write> y_1: array<f32>;
@group(0) @binding(7) var weights_2: texture_2d<u32>;
@group(0) @binding(8) var<uniform> vector0_2: array<vec4f, 48>;
@group(0) @binding(9) var<storage, read_write> y_2: array<f32>;

// binds: vector0_0
fn point_0(index: u32, column: u32, part0: f32) -> f32 {
    return part0 + vector0_0[column / 4u][column % 4u];
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

// One scale a block, two to a word: those of the two blocks of a step.
// links: texel_behind_0
struct Scales_0 {
    both: vec2f,
}

fn step_scales_0(tile: Anchor_0, row: u32, step: Step_0) -> Scales_0 {
    let words = texel_behind_0(tile, row);
    let odd = (step.index & 2u) != 0u;
    let word = select(select(words.x, words.y, odd), select(words.z, words.w, odd), (step.index & 4u) != 0u);
    return Scales_0(unpack2x16float(word));
}

fn scaled_sum_0(scales: Scales_0, which: u32, product: f32, input: Input_0) -> f32 {
    return select(scales.both.x, scales.both.y, which == 1u) * (product + input.correction);
}

// q8_0 for a kernel of four lanes: w = d * q, q a signed byte, masked where it is, never shifted. A byte at bit s is q * 2^s, and the
// input that it meets is divided by 2^s, which is exact. Only the topmost byte has its sign at the top of the word: the others have
// their highest bit inverted, so that they stand for q + 128, and 128 times the elements that they meet is taken from the product. A
// header texel holds d of eight blocks; two texels of quants hold a block in order.
// links: halves_0, texel_behind_0
const HEADER_0: u32 = 1u;
const QUANTS_0: u32 = 2u;
const CHUNK_0: u32 = 8u;

fn four_bytes_0(word: u32) -> vec4f {
    return vec4f(bitcast<vec4i>(vec4u(word ^ 0x00808080u) & vec4u(0xffu, 0xff00u, 0xff0000u, 0xff000000u)));
}

fn quants_of_0(scales: Scales_0, tile: Anchor_0, row: u32, step: Step_0, which: u32) -> Block {
    let at = row + step.quants + which * step.next;
    let near = texel_behind_0(tile, at);
    let far = texel_behind_0(tile, at + 8u);
    return Block(
        four_bytes_0(near.x), four_bytes_0(near.y), four_bytes_0(near.z), four_bytes_0(near.w),
        four_bytes_0(far.x), four_bytes_0(far.y), four_bytes_0(far.z), four_bytes_0(far.w));
}

// What lane l owns meets the bytes at bit 8l.
fn placed_for_quants_0(own: Own_0, lane: u32) -> Own_0 {
    let scale = bitcast<f32>((127u - 8u * lane) << 23u);
    return Own_0(own.low * scale, own.high * scale);
}

// Lane 3 owns the elements that the topmost bytes meet.
fn correction_of_0(own: Own_0, lane: u32) -> f32 {
    return select(-128.0 * dot(own.low + own.high, vec4f(1.0)), 0.0, lane == 3u);
}

// The input of a matrix kernel of four lanes as it is. Lane l owns the elements 4q + l of a block.
// links: element, own_elements_0
fn gains_of_0(block: u32, lane: u32) -> Own_0 {
    return Own_0(vec4f(1.0), vec4f(1.0));
}

fn gained_0(own: Own_0, gains: Own_0) -> Own_0 {
    return own;
}

fn normalise_0(squares: f32) -> f32 {
    return 1.0;
}

// Tiles of eight rows, one after another.
// links: sums, point_0
// binds: y_0
fn tile_of_0(group: u32, index: u32) -> u32 {
    return min(group * GROUP_TILES + index, TILES_0 - 1u);
}

// One row of one token; rows that a tile lacks are not stored.
fn put_0(token: u32, row: u32, value: f32) {
    if (row < ROWS_0) {
        let index = token * ROWS_0 + row;
        y_0[index] = point_0(index, row, value);
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

// y[row] = sum_k weight[row, k] * x[k], one token: a workgroup is four lanes of one subgroup, each the owner of two rows in each of
// GROUP_TILES tiles. Two blocks of x at a time are handed round once and meet all these rows.
// links: block, step_0, input_0, quants_0, tile_of_0, sums, finish_0
fn step_product_0(tile: Anchor_0, row: u32, step: Step_0, first: Input_0, second: Input_0) -> f32 {
    let scales = step_scales_0(tile, row, step);
    return scaled_sum_0(scales, 0u, dot_blocks(quants_of_0(scales, tile, row, step, 0u), first.elements), first)
        + scaled_sum_0(scales, 1u, dot_blocks(quants_of_0(scales, tile, row, step, 1u), second.elements), second);
}

fn main_0(group_id: vec3u, lane: u32) {
    let group = group_id.x;
    var sums = Sums();
    var squares = 0.0;
    for (var pair = 0u; pair < PAIRS_0; pair++) {
        let block = 2u * pair;
        let own_first = own_elements_0(0u, block, lane);
        let own_second = own_elements_0(0u, block + 1u, lane);
        squares += squares_of_0(own_first) + squares_of_0(own_second);
        let first = input_of_0(gained_0(own_first, gains_of_0(block, lane)), lane);
        let second = input_of_0(gained_0(own_second, gains_of_0(block + 1u, lane)), lane);
        let step = step_at_0(block);
        for (var index = 0u; index < GROUP_TILES; index++) {
            let tile = anchor_at_0(tile_of_0(group, index) * TILE_TEXELS_0 + step.head);
            let near = step_product_0(tile, lane, step, first, second);
            let far = step_product_0(tile, lane + 4u, step, first, second);
            sums = turned(sums, first_of(sums) + vec2f(near, far));
        }
    }
    finish_0(0u, group, lane, sums, normalise_0(subgroupAdd(squares)));
}

// binds: vector0_1
fn point_1(index: u32, column: u32, part0: f32) -> f32 {
    return part0 + vector0_1[column / 4u][column % 4u];
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

// Quants of four bits for a kernel of four lanes: masked where they are, never shifted. A nibble at bit s is q * 2^s, and the input
// that it meets is divided by 2^s, which is exact. The topmost nibble would be taken for a sign: its highest bit is inverted, so that
// it stands for q - 8, and 8 times the elements that it meets is added to the product.
// links: texel_behind_1
fn low_nibbles_1(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) & vec4u(0xfu, 0xf00u, 0xf0000u, 0xf000000u)));
}

fn high_nibbles_1(word: u32) -> vec4f {
    return vec4f(bitcast<vec4i>(vec4u(word ^ 0x80000000u) & vec4u(0xf0u, 0xf000u, 0xf00000u, 0xf0000000u)));
}

fn quants_of_1(scales: Scales_1, tile: Anchor_1, row: u32, step: Step_1, which: u32) -> Block {
    let words = texel_behind_1(tile, row + step.quants + which * step.next);
    return Block(
        low_nibbles_1(words.x), low_nibbles_1(words.y), low_nibbles_1(words.z), low_nibbles_1(words.w),
        high_nibbles_1(words.x), high_nibbles_1(words.y), high_nibbles_1(words.z), high_nibbles_1(words.w));
}

// What lane l owns meets the nibbles at the bits 8l and 8l + 4.
fn placed_for_quants_1(own: Own_1, lane: u32) -> Own_1 {
    let scale = bitcast<f32>((127u - 8u * lane) << 23u);
    return Own_1(own.low * scale, own.high * (scale * 0x1p-4));
}

// Lane 3 owns the elements that the topmost nibbles meet.
fn top_nibbles_1(own: Own_1, lane: u32) -> f32 {
    return select(0.0, 8.0 * dot(own.high, vec4f(1.0)), lane == 3u);
}

// q4_1 for a kernel of four lanes: w = d * q + m. A header texel holds (d, m) of four blocks, a word each.
// links: nibbles_1, texel_behind_1
const HEADER_1: u32 = 1u;
const QUANTS_1: u32 = 1u;
const CHUNK_1: u32 = 4u;

struct Scales_1 {
    first: vec2f,
    second: vec2f,
}

fn step_scales_1(tile: Anchor_1, row: u32, step: Step_1) -> Scales_1 {
    let words = texel_behind_1(tile, row);
    let both = select(words.xy, words.zw, step.index == 2u);
    return Scales_1(unpack2x16float(both.x), unpack2x16float(both.y));
}

fn scaled_sum_1(scales: Scales_1, which: u32, product: f32, input: Input_1) -> f32 {
    let scale = select(scales.first, scales.second, which == 1u);
    return fma(scale.x, product + input.correction, scale.y * input.sum);
}

fn correction_of_1(own: Own_1, lane: u32) -> f32 {
    return top_nibbles_1(own, lane);
}

// The input of a matrix kernel of four lanes as it is. Lane l owns the elements 4q + l of a block.
// links: element, own_elements_1
fn gains_of_1(block: u32, lane: u32) -> Own_1 {
    return Own_1(vec4f(1.0), vec4f(1.0));
}

fn gained_1(own: Own_1, gains: Own_1) -> Own_1 {
    return own;
}

fn normalise_1(squares: f32) -> f32 {
    return 1.0;
}

// Tiles of eight rows, one after another.
// links: sums, point_1
// binds: y_1
fn tile_of_1(group: u32, index: u32) -> u32 {
    return min(group * GROUP_TILES + index, TILES_1 - 1u);
}

// One row of one token; rows that a tile lacks are not stored.
fn put_1(token: u32, row: u32, value: f32) {
    if (row < ROWS_1) {
        let index = token * ROWS_1 + row;
        y_1[index] = point_1(index, row, value);
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

// y[row] = sum_k weight[row, k] * x[k], one token: a workgroup is four lanes of one subgroup, each the owner of two rows in each of
// GROUP_TILES tiles. Two blocks of x at a time are handed round once and meet all these rows.
// links: block, step_1, input_1, quants_1, tile_of_1, sums, finish_1
fn step_product_1(tile: Anchor_1, row: u32, step: Step_1, first: Input_1, second: Input_1) -> f32 {
    let scales = step_scales_1(tile, row, step);
    return scaled_sum_1(scales, 0u, dot_blocks(quants_of_1(scales, tile, row, step, 0u), first.elements), first)
        + scaled_sum_1(scales, 1u, dot_blocks(quants_of_1(scales, tile, row, step, 1u), second.elements), second);
}

fn main_1(group_id: vec3u, lane: u32) {
    let group = group_id.x;
    var sums = Sums();
    var squares = 0.0;
    for (var pair = 0u; pair < PAIRS_1; pair++) {
        let block = 2u * pair;
        let own_first = own_elements_1(0u, block, lane);
        let own_second = own_elements_1(0u, block + 1u, lane);
        squares += squares_of_1(own_first) + squares_of_1(own_second);
        let first = input_of_1(gained_1(own_first, gains_of_1(block, lane)), lane);
        let second = input_of_1(gained_1(own_second, gains_of_1(block + 1u, lane)), lane);
        let step = step_at_1(block);
        for (var index = 0u; index < GROUP_TILES; index++) {
            let tile = anchor_at_1(tile_of_1(group, index) * TILE_TEXELS_1 + step.head);
            let near = step_product_1(tile, lane, step, first, second);
            let far = step_product_1(tile, lane + 4u, step, first, second);
            sums = turned(sums, first_of(sums) + vec2f(near, far));
        }
    }
    finish_1(0u, group, lane, sums, normalise_1(subgroupAdd(squares)));
}

// binds: vector0_2
fn point_2(index: u32, column: u32, part0: f32) -> f32 {
    return part0 + vector0_2[column / 4u][column % 4u];
}

// A weight in a sampled texture of rgba32uint, 4096 texels a row.
// binds: weights_2
fn texel_2(index: u32) -> vec4u {
    return textureLoad(weights_2, vec2u(index & 4095u, index >> 12u), 0);
}

// A texel whose coordinates are found once for those shortly behind it: drivers without shifts by vectors pay for every shift.
struct Anchor_2 {
    index: u32,
    column: u32,
    line: u32,
}

fn anchor_at_2(index: u32) -> Anchor_2 {
    return Anchor_2(index, index & 4095u, index >> 12u);
}

// The texel so many behind the anchor, fewer than 4096.
fn texel_behind_2(anchor: Anchor_2, offset: u32) -> vec4u {
    let column = anchor.column + offset;
    let beyond = column > 4095u;
    let at = vec2u(select(column, column - 4096u, beyond), select(anchor.line, anchor.line + 1u, beyond));
    return textureLoad(weights_2, at, 0);
}

// Pairs of blocks in a row. Loops count by ones: compilers of WGSL that must prove that a loop ends add a counter to others.
const PAIRS_2: u32 = (BLOCKS + 1u) / 2u;

// Where two neighbouring blocks lie in every tile: steps of a walk along the columns.
struct Step_2 {
    // The texel of the tile's first header of their chunk, and which of the chunk's blocks is the first of the two.
    head: u32,
    index: u32,
    // How many texels behind a row's header the first block's quants lie, and behind those the second's: none, where the row has no
    // second.
    quants: u32,
    next: u32,
}

fn step_at_2(first: u32) -> Step_2 {
    let chunk = first / CHUNK_2;
    let index = first - chunk * CHUNK_2;
    let head = 8u * chunk * (HEADER_2 + CHUNK_2 * QUANTS_2);
    let next = select(8u * QUANTS_2, 0u, BLOCKS % 2u != 0u && first + 1u == BLOCKS);
    return Step_2(head, index, 8u * (HEADER_2 + index * QUANTS_2), next);
}

// Two blocks of the input, handed round among the four lanes of a workgroup, which are in one subgroup whatever its size.
// links: block, quants_2, element

// What a lane owns of a block: the elements 4q + lane, q from 0 to 3 and from 4 to 7.
struct Own_2 {
    low: vec4f,
    high: vec4f,
}

// A block of the input: its elements as `dot_blocks` is to meet them, their sum, and what masked quants need added to the product.
struct Input_2 {
    elements: Block,
    sum: f32,
    correction: f32,
}

fn own_elements_2(token: u32, block: u32, lane: u32) -> Own_2 {
    let at = block * 32u + lane;
    return Own_2(
        vec4f(element(token, at), element(token, at + 4u), element(token, at + 8u), element(token, at + 12u)),
        vec4f(element(token, at + 16u), element(token, at + 20u), element(token, at + 24u), element(token, at + 28u)));
}

fn squares_of_2(own: Own_2) -> f32 {
    return dot(own.low, own.low) + dot(own.high, own.high);
}

fn shared_among_lanes_2(own: f32) -> vec4f {
    return vec4f(
        subgroupBroadcast(own, 0u), subgroupBroadcast(own, 1u), subgroupBroadcast(own, 2u), subgroupBroadcast(own, 3u));
}

fn input_of_2(own: Own_2, lane: u32) -> Input_2 {
    let placed = placed_for_quants_2(own, lane);
    return Input_2(
        Block(
            shared_among_lanes_2(placed.low.x), shared_among_lanes_2(placed.low.y),
            shared_among_lanes_2(placed.low.z), shared_among_lanes_2(placed.low.w),
            shared_among_lanes_2(placed.high.x), shared_among_lanes_2(placed.high.y),
            shared_among_lanes_2(placed.high.z), shared_among_lanes_2(placed.high.w)),
        subgroupAdd(dot(own.low + own.high, vec4f(1.0))),
        subgroupAdd(correction_of_2(own, lane)));
}

// Quants of up to seven bits, one in each byte of a word.
//
// A byte is not shifted down: masked in place it is q * 256^p for place p, and `prepare` has divided x by 256^p. Powers of two are
// exact.
// links: affine
const PLACES_2 = vec4f(1.0, 0x1p-8, 0x1p-16, 0x1p-24);

fn bytes_2(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) & vec4u(0x7fu, 0x7f00u, 0x7f0000u, 0x7f000000u)));
}

// The sum of q * x for quants as `bytes` gives them, of x as `prepare` gives it.
fn dot_bytes_2(q: Block, x: Block, sum: f32) -> f32 {
    return dot_blocks(q, x);
}

// d * q + m for quants as `bytes` gives them.
fn scaled_2(q: Block, d: f32, m: f32) -> Block {
    return affine(q, PLACES_2 * d, m);
}

fn prepare_2(own: vec4f, quarter: u32) -> vec4f {
    return own * PLACES_2;
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

// The weights of any encoding for a kernel of four lanes: decoded, then multiplied.
// links: texel_2, header_2, load_block_2
struct Scales_2 {
    head: Header_2,
}

fn step_scales_2(tile: Anchor_2, row: u32, step: Step_2) -> Scales_2 {
    return Scales_2(header_2(tile.index + row));
}

fn quants_of_2(scales: Scales_2, tile: Anchor_2, row: u32, step: Step_2, which: u32) -> Block {
    return load_block_2(scales.head, step.index + which, tile.index + row + step.quants + which * step.next);
}

fn scaled_sum_2(scales: Scales_2, which: u32, product: f32, input: Input_2) -> f32 {
    return product;
}

fn placed_for_quants_2(own: Own_2, lane: u32) -> Own_2 {
    return own;
}

fn correction_of_2(own: Own_2, lane: u32) -> f32 {
    return 0.0;
}

// The input of a matrix kernel of four lanes as it is. Lane l owns the elements 4q + l of a block.
// links: element, own_elements_2
fn gains_of_2(block: u32, lane: u32) -> Own_2 {
    return Own_2(vec4f(1.0), vec4f(1.0));
}

fn gained_2(own: Own_2, gains: Own_2) -> Own_2 {
    return own;
}

fn normalise_2(squares: f32) -> f32 {
    return 1.0;
}

// Tiles of eight rows, one after another.
// links: sums, point_2
// binds: y_2
fn tile_of_2(group: u32, index: u32) -> u32 {
    return min(group * GROUP_TILES + index, TILES_2 - 1u);
}

// One row of one token; rows that a tile lacks are not stored.
fn put_2(token: u32, row: u32, value: f32) {
    if (row < ROWS_2) {
        let index = token * ROWS_2 + row;
        y_2[index] = point_2(index, row, value);
    }
}

fn finish_2(token: u32, group: u32, lane: u32, sums: Sums, factor: f32) {
    var left = sums;
    for (var index = 0u; index < GROUP_TILES; index++) {
        let value = first_of(left) * factor;
        let row = (group * GROUP_TILES + index) * 8u + lane;
        put_2(token, row, value.x);
        put_2(token, row + 4u, value.y);
        left = turned(left, vec2f());
    }
}

// y[row] = sum_k weight[row, k] * x[k], one token: a workgroup is four lanes of one subgroup, each the owner of two rows in each of
// GROUP_TILES tiles. Two blocks of x at a time are handed round once and meet all these rows.
// links: block, step_2, input_2, quants_2, tile_of_2, sums, finish_2
fn step_product_2(tile: Anchor_2, row: u32, step: Step_2, first: Input_2, second: Input_2) -> f32 {
    let scales = step_scales_2(tile, row, step);
    return scaled_sum_2(scales, 0u, dot_blocks(quants_of_2(scales, tile, row, step, 0u), first.elements), first)
        + scaled_sum_2(scales, 1u, dot_blocks(quants_of_2(scales, tile, row, step, 1u), second.elements), second);
}

fn main_2(group_id: vec3u, lane: u32) {
    let group = group_id.x;
    var sums = Sums();
    var squares = 0.0;
    for (var pair = 0u; pair < PAIRS_2; pair++) {
        let block = 2u * pair;
        let own_first = own_elements_2(0u, block, lane);
        let own_second = own_elements_2(0u, block + 1u, lane);
        squares += squares_of_2(own_first) + squares_of_2(own_second);
        let first = input_of_2(gained_2(own_first, gains_of_2(block, lane)), lane);
        let second = input_of_2(gained_2(own_second, gains_of_2(block + 1u, lane)), lane);
        let step = step_at_2(block);
        for (var index = 0u; index < GROUP_TILES; index++) {
            let tile = anchor_at_2(tile_of_2(group, index) * TILE_TEXELS_2 + step.head);
            let near = step_product_2(tile, lane, step, first, second);
            let far = step_product_2(tile, lane + 4u, step, first, second);
            sums = turned(sums, first_of(sums) + vec2f(near, far));
        }
    }
    finish_2(0u, group, lane, sums, normalise_2(subgroupAdd(squares)));
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
