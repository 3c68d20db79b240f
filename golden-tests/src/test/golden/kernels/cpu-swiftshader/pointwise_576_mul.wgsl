const LANES: u32 = 4u;
const COLUMNS: u32 = 576u;
@group(0) @binding(0) var<storage, read_write> element0: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

// binds: element0
fn point(index: u32, column: u32) -> f32 {
    return 0.5f * element0[index];
}

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
