const LANES: u32 = 64u;
const HEADS: u32 = 9u;
const KEY_VALUE_HEADS: u32 = 3u;
const HEAD_SIZE: u32 = 64u;
const ROTARY: u32 = 64u;
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read> position: array<u32>;
@group(0) @binding(2) var<storage, read> table: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> keys: array<u32>;
@group(0) @binding(4) var<storage, read_write> values: array<u32>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

// Pair p of a head is (2p, 2p + 1). Gives the pair of an element and its partner.
fn pair_of(element: u32) -> u32 {
    return element >> 1u;
}

fn partner_of(element: u32) -> u32 {
    return element ^ 1u;
}

fn is_second(element: u32) -> bool {
    return (element & 1u) == 1u;
}

// Element `element` of the head that begins at x[start], rotated for a position. The table holds (cos, sin) of each pair of each
// position, computed in double precision when the model was compiled.
// links: pairing
// binds: x, table
fn rotated(start: u32, element: u32, position: u32) -> f32 {
    let own = x[start + element];
    if (element >= ROTARY) {
        return own;
    }
    let turn = table[position * (ROTARY / 2u) + pair_of(element)];
    let other = x[start + partner_of(element)];
    return own * turn.x + select(-other, other, is_second(element)) * turn.y;
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

// Rotates queries and keys of one token, the workgroup's; stores queries to y, keys and values in pairs to their states. A row of
// x holds the query heads, the key heads, the value heads.
// links: rotate, state
// binds: x, position, table, keys, values, y
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let token = group_id.x;
    let at = position[0] + token;
    let row = token * (HEADS + 2u * KEY_VALUE_HEADS) * HEAD_SIZE;
    for (var index = lane; index < HEADS * HEAD_SIZE; index += LANES) {
        let head = index / HEAD_SIZE;
        let element = index - head * HEAD_SIZE;
        y[token * HEADS * HEAD_SIZE + index] = rotated(row + head * HEAD_SIZE, element, at);
    }
    let first_key = row + HEADS * HEAD_SIZE;
    let first_value = first_key + KEY_VALUE_HEADS * HEAD_SIZE;
    const PAIRS = KEY_VALUE_HEADS * HEAD_SIZE / 2u;
    for (var index = lane; index < PAIRS; index += LANES) {
        let head = 2u * index / HEAD_SIZE;
        let element = 2u * index - head * HEAD_SIZE;
        let start = first_key + head * HEAD_SIZE;
        keys[at * PAIRS + index] = packed(vec2f(rotated(start, element, at), rotated(start, element + 1u, at)));
        values[at * PAIRS + index] = packed(vec2f(x[first_value + 2u * index], x[first_value + 2u * index + 1u]));
    }
}
