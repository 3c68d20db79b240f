const LANES: u32 = 8u;
const COLUMNS: u32 = 192u;
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read> position: array<u32>;
@group(0) @binding(2) var<storage, read_write> state: array<vec2f>;

// Two elements of a state as they are.
fn packed(pair: vec2f) -> vec2f {
    return pair;
}

// A state has a row for each position.
fn row_of_position(position: u32) -> u32 {
    return position;
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
