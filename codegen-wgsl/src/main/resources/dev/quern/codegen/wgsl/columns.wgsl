// y[i, j] = x[i, START + j]: a workgroup is a row.
// binds: x, y
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    for (var index = lane; index < EXTENT; index += LANES) {
        y[group_id.x * EXTENT + index] = x[group_id.x * COLUMNS + START + index];
    }
}
