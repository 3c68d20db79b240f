// Rotates the heads of one token, the workgroup's.
// links: rotate
// binds: x, position, table, y
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let token = group_id.x;
    let row = token * COLUMNS;
    for (var index = lane; index < COLUMNS; index += LANES) {
        let head = index / HEAD_SIZE;
        let element = index - head * HEAD_SIZE;
        y[row + index] = rotated(row + head * HEAD_SIZE, element, position[0] + token);
    }
}
