const LANES: u32 = 4u;
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
const RING: u32 = 24u;
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

// A state has rows for the last RING positions.
fn row_of_position(position: u32) -> u32 {
    return position % RING;
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
