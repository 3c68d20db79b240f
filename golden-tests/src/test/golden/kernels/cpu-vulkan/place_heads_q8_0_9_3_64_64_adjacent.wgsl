const LANES: u32 = 8u;
const HEADS: u32 = 9u;
const KEY_VALUE_HEADS: u32 = 3u;
const HEAD_SIZE: u32 = 64u;
const QUERY_COLUMNS: u32 = 960u;
const QUERY_START: u32 = 0u;
const KEY_COLUMNS: u32 = 960u;
const KEY_START: u32 = 576u;
const VALUE_COLUMNS: u32 = 960u;
const VALUE_START: u32 = 768u;
const ROTARY: u32 = 64u;
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read> position: array<u32>;
@group(0) @binding(2) var<storage, read> table: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> keys: array<u32>;
@group(0) @binding(4) var<storage, read_write> values: array<u32>;
@group(0) @binding(5) var<storage, read_write> y: array<vec2f>;

// Query, key and value lie in one value.
// binds: x
fn source(part: u32, index: u32) -> f32 {
    return x[index];
}

// Heads as they are.
// links: source
fn root_of(part: u32, first: u32, lane: u32) -> f32 {
    return 1.0;
}

fn element_of(part: u32, first: u32, element: u32, root: f32) -> f32 {
    return source(part, first + element);
}

// Elements of a head, `element` and the one behind it, which form a pair; rotated unless they are a value's. The table holds
// (cos, sin) of each pair of each position, computed in double precision when the model was compiled.
// links: norm
// binds: table
fn turned(part: u32, first: u32, element: u32, root: f32, position: u32) -> vec2f {
    let a = element_of(part, first, element, root);
    let b = element_of(part, first, element + 1u, root);
    if (part == VALUE || element >= ROTARY) {
        return vec2f(a, b);
    }
    let turn = table[position * (ROTARY / 2u) + element / 2u];
    return vec2f(a * turn.x - b * turn.y, a * turn.y + b * turn.x);
}

// Two elements of a state as one word of halves. What leaves the range of halves becomes infinite, with its sign, and NaN stays NaN, so that
// either is found out: WGSL itself leaves open what packing makes of them.
fn packed(pair: vec2f) -> u32 {
    let bits = bitcast<vec2u>(pair);
    let magnitudes = bits & vec2u(0x7fffffffu);
    // From 65520 on the nearest half is infinity; the words of NaNs are larger than that of infinity.
    let leaves = magnitudes >= vec2u(0x477ff000u);
    let inside = pack2x16float(clamp(select(pair, vec2f(), leaves), vec2f(-65504.0), vec2f(65504.0)));
    let outside = ((bits >> vec2u(16u)) & vec2u(0x8000u)) | select(vec2u(0x7c00u), vec2u(0x7e00u), magnitudes > vec2u(0x7f800000u));
    let mask = select(0u, 0xffffu, leaves.x) | select(0u, 0xffff0000u, leaves.y);
    return (inside & ~mask) | ((outside.x | (outside.y << 16u)) & mask);
}

// Blocks of 32 elements as bytes with a half as scale. What is not finite makes the scale infinite or NaN, and the bytes 0, so that it is
// found out.
// links: state
const INFINITE: u32 = 0x7f800000u;

// The larger magnitude of two elements, as bits: those order as the numbers do, and NaN is beyond infinity.
fn magnitude_of(pair: vec2f) -> u32 {
    let bits = bitcast<vec2u>(pair) & vec2u(0x7fffffffu);
    return max(bits.x, bits.y);
}

// The scale of a block whose largest magnitude is given as bits.
fn scale_of(largest: u32) -> f32 {
    let scale = bitcast<u32>(bitcast<f32>(min(largest, INFINITE - 1u)) / 127.0);
    return bitcast<f32>(select(scale, largest, largest >= INFINITE));
}

// The scales of two blocks as a word of halves.
fn halves_of(first: u32, second: u32) -> u32 {
    return packed(vec2f(scale_of(first), scale_of(second)));
}

// Four elements of a block as bytes, rounded to the nearest and halves away from zero. Blocks of less than 1e-29 have a scale of 0.
fn quants_of(four: vec4f, largest: u32) -> u32 {
    if (largest >= INFINITE || largest < 0x10000000u) {
        return 0u;
    }
    let scaled = four * (1.0 / scale_of(largest));
    // The largest number below a half: a sum with a half itself would round up what is a little less.
    let magnitudes = min(floor(abs(scaled) + vec4f(0x1.fffffep-2)), vec4f(127.0));
    let bytes = vec4u(vec4i(select(magnitudes, -magnitudes, scaled < vec4f()))) & vec4u(0xffu);
    return bytes.x | (bytes.y << 8u) | (bytes.z << 16u) | (bytes.w << 24u);
}

// A head has whole words of scales.
// links: keep
// binds: keys, values
fn keep_word(part: u32, at: u32, word: u32) {
    if (part == KEY) {
        keys[at] = word;
    } else {
        values[at] = word;
    }
}

fn keep_scales(part: u32, scales: u32, first: u32, lane: u32) {
    for (var block = 2u * lane; block < HEAD_BLOCKS; block += 2u * LANES) {
        // Behind the last block of a row there may be none.
        let second = min(block + 1u, HEAD_BLOCKS - 1u);
        keep_word(part, scales + (first + block) / 2u, halves_of(largest_of(block), largest_of(second)));
    }
}

// Heads are gathered first, and written to their states in blocks, once the largest of a block's elements is known: a word of four
// bytes a lane, and then the scales.
// links: blocks, scales
const HEAD_BLOCKS: u32 = HEAD_SIZE / 32u;
const HEAD_WORDS: u32 = HEAD_SIZE / 4u;
const QUANT_WORDS: u32 = KEY_VALUE_HEADS * HEAD_WORDS;
const ROW_WORDS: u32 = QUANT_WORDS + (KEY_VALUE_HEADS * HEAD_BLOCKS + 1u) / 2u;

var<workgroup> gathered: array<vec2f, PAIRS>;

fn keep_pair(part: u32, row: u32, head: u32, pair: u32, placed: vec2f) {
    gathered[pair] = placed;
}

fn largest_of(block: u32) -> u32 {
    var largest = 0u;
    for (var pair = 16u * block; pair < 16u * block + 16u; pair++) {
        largest = max(largest, magnitude_of(gathered[pair]));
    }
    return largest;
}

fn keep_rest(part: u32, row: u32, head: u32, lane: u32) {
    workgroupBarrier();
    if (part != QUERY) {
        let first = row * ROW_WORDS + head * HEAD_WORDS;
        for (var word = lane; word < HEAD_WORDS; word += LANES) {
            let four = vec4f(gathered[2u * word], gathered[2u * word + 1u]);
            keep_word(part, first + word, quants_of(four, largest_of(word / 8u)));
        }
        keep_scales(part, row * ROW_WORDS + QUANT_WORDS, head * HEAD_BLOCKS, lane);
    }
}

// A state has a row for each position.
fn row_of_position(position: u32) -> u32 {
    return position;
}

// Puts one head (x of the grid) of one token (y) where attention reads it: query heads, behind them key heads, behind them value
// heads. Queries go to y in pairs of elements, keys and values to their states.
// links: norm, turn, keep, positions
// binds: position, y
const QUERY: u32 = 0u;
const KEY: u32 = 1u;
const VALUE: u32 = 2u;
const PAIRS: u32 = HEAD_SIZE / 2u;

// What holds for a part.
fn of_part(part: u32, query: u32, key: u32, value: u32) -> u32 {
    return select(select(value, key, part == KEY), query, part == QUERY);
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let token = group_id.y;
    let at = position[0] + token;
    let part = select(select(VALUE, KEY, group_id.x < HEADS + KEY_VALUE_HEADS), QUERY, group_id.x < HEADS);
    let head = group_id.x - of_part(part, 0u, HEADS, HEADS + KEY_VALUE_HEADS);
    let row = token * of_part(part, QUERY_COLUMNS, KEY_COLUMNS, VALUE_COLUMNS);
    let first = row + of_part(part, QUERY_START, KEY_START, VALUE_START) + head * HEAD_SIZE;
    let root = root_of(part, first, lane);
    let kept = row_of_position(at);
    for (var pair = lane; pair < PAIRS; pair += LANES) {
        let placed = turned(part, first, 2u * pair, root, at);
        if (part == QUERY) {
            y[(token * HEADS + head) * PAIRS + pair] = placed;
        } else {
            keep_pair(part, kept, head, pair, placed);
        }
    }
    keep_rest(part, kept, head, lane);
}
