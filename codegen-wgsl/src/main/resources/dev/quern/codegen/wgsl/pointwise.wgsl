// y[i, j] = point(…) of the elements at [i, j] of the operands: a workgroup is a row.
// links: point
// binds: y
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let row = group_id.x * COLUMNS;
    for (var column = lane; column < COLUMNS; column += LANES) {
        y[row + column] = point(row + column, column);
    }
}
