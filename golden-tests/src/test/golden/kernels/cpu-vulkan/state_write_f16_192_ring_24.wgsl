const LANES: u32 = 8u;
const COLUMNS: u32 = 192u;
const RING: u32 = 24u;
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read> position: array<u32>;
@group(0) @binding(2) var<storage, read_write> state: array<u32>;

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

// A state has rows for the last RING positions.
fn row_of_position(position: u32) -> u32 {
    return position % RING;
}

// Stores one token's row, the workgroup's, to a state, in pairs.
// links: state, positions
// binds: x, position, state
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let token = group_id.x;
    let at = row_of_position(position[0] + token);
    for (var index = lane; index < COLUMNS / 2u; index += LANES) {
        let start = token * COLUMNS + 2u * index;
        state[at * (COLUMNS / 2u) + index] = packed(vec2f(x[start], x[start + 1u]));
    }
}
