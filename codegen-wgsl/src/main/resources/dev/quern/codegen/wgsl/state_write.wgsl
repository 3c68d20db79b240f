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
