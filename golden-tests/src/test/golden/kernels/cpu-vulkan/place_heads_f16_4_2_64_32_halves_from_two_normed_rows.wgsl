const LANES: u32 = 8u;
const HEADS: u32 = 4u;
const KEY_VALUE_HEADS: u32 = 2u;
const HEAD_SIZE: u32 = 64u;
const QUERY_COLUMNS: u32 = 384u;
const QUERY_START: u32 = 0u;
const KEY_COLUMNS: u32 = 384u;
const KEY_START: u32 = 256u;
const KEY_FROM: u32 = 0u;
const VALUE_COLUMNS: u32 = 128u;
const VALUE_START: u32 = 0u;
const VALUE_FROM: u32 = 1u;
const QUERY_EPSILON: f32 = 1.0E-6f;
const QUERY_GAIN: u32 = 1u;
const QUERY_NORMED: u32 = 256u;
const KEY_EPSILON: f32 = 1.0E-6f;
const KEY_GAIN: u32 = 2u;
const KEY_NORMED: u32 = 128u;
const VALUE_EPSILON: f32 = 1.0f;
const VALUE_GAIN: u32 = 0u;
const VALUE_NORMED: u32 = 64u;
const ROTARY: u32 = 32u;
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> second_x: array<f32>;
@group(0) @binding(2) var<storage, read> position: array<u32>;
@group(0) @binding(3) var<uniform> first_gain: array<vec4f, 64>;
@group(0) @binding(4) var<uniform> second_gain: array<vec4f, 32>;
@group(0) @binding(5) var<storage, read> table: array<vec2f>;
@group(0) @binding(6) var<storage, read_write> keys: array<u32>;
@group(0) @binding(7) var<storage, read_write> values: array<u32>;
@group(0) @binding(8) var<storage, read_write> y: array<vec2f>;

// Query, key and value lie in two values.
// binds: x, second_x
fn source(part: u32, index: u32) -> f32 {
    if (of_part(part, 0u, KEY_FROM, VALUE_FROM) == 0u) {
        return x[index];
    }
    return second_x[index];
}

// The first or the second of two gains.
// binds: first_gain, second_gain
fn gain(number: u32, element: u32) -> f32 {
    if (number == 1u) {
        return first_gain[element / 4u][element % 4u];
    }
    return second_gain[element / 4u][element % 4u];
}

// Some parts are normalised, each with as many elements together as its gain has: those of a head, or of all heads of the part. The
// lanes of a workgroup share the squares; what is normalised together is read by the workgroups of all its heads.
// links: source, gains
var<workgroup> partial_squares: array<f32, LANES>;

// Elements of the part before a head that are normalised with it.
fn normed_before(part: u32, first: u32) -> u32 {
    let before = (first - of_part(part, QUERY_START, KEY_START, VALUE_START))
        % of_part(part, QUERY_COLUMNS, KEY_COLUMNS, VALUE_COLUMNS);
    return select(before, 0u, of_part(part, QUERY_NORMED, KEY_NORMED, VALUE_NORMED) == HEAD_SIZE);
}

// The reciprocal of the root of the mean square.
fn root_of(part: u32, first: u32, lane: u32) -> f32 {
    let count = of_part(part, QUERY_NORMED, KEY_NORMED, VALUE_NORMED);
    let start = first - normed_before(part, first);
    var squares = 0.0;
    for (var element = lane; element < count; element += LANES) {
        let value = source(part, start + element);
        squares += value * value;
    }
    partial_squares[lane] = squares;
    workgroupBarrier();
    var total = 0.0;
    for (var other = 0u; other < LANES; other++) {
        total += partial_squares[other];
    }
    let epsilon = select(select(VALUE_EPSILON, KEY_EPSILON, part == KEY), QUERY_EPSILON, part == QUERY);
    return inverseSqrt(total / f32(count) + epsilon);
}

fn element_of(part: u32, first: u32, element: u32, root: f32) -> f32 {
    let value = source(part, first + element);
    let number = of_part(part, QUERY_GAIN, KEY_GAIN, VALUE_GAIN);
    if (number == 0u) {
        return value;
    }
    return value * gain(number, normed_before(part, first) + element) * root;
}

// Pair p of a head is (p, p + ROTARY / 2). Gives the pair of an element and its partner.
fn pair_of(element: u32) -> u32 {
    return select(element, element - ROTARY / 2u, is_second(element));
}

fn partner_of(element: u32) -> u32 {
    return select(element + ROTARY / 2u, element - ROTARY / 2u, is_second(element));
}

fn is_second(element: u32) -> bool {
    return element >= ROTARY / 2u;
}

// Elements of a head, `element` and the one behind it, of two pairs; rotated unless they are a value's. The table holds (cos, sin)
// of each pair of each position, computed in double precision when the model was compiled.
// links: norm, pairing
// binds: table
fn turned(part: u32, first: u32, element: u32, root: f32, position: u32) -> vec2f {
    let own = vec2f(element_of(part, first, element, root), element_of(part, first, element + 1u, root));
    if (part == VALUE || element >= ROTARY) {
        return own;
    }
    let other = vec2f(
        element_of(part, first, partner_of(element), root), element_of(part, first, partner_of(element + 1u), root));
    let row = position * (ROTARY / 2u);
    let a = table[row + pair_of(element)];
    let b = table[row + pair_of(element + 1u)];
    return vec2f(
        own.x * a.x + select(-other.x, other.x, is_second(element)) * a.y,
        own.y * b.x + select(-other.y, other.y, is_second(element + 1u)) * b.y);
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

// Heads are written to their states as they come, a pair of elements at a time.
// links: state
// binds: keys, values
fn keep_pair(part: u32, row: u32, head: u32, pair: u32, placed: vec2f) {
    let at = (row * KEY_VALUE_HEADS + head) * PAIRS + pair;
    if (part == KEY) {
        keys[at] = packed(placed);
    } else {
        values[at] = packed(placed);
    }
}

fn keep_rest(part: u32, row: u32, head: u32, lane: u32) {}

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
