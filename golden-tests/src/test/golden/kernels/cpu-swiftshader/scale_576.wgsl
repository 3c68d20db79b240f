const LANES: u32 = 4u;
const COLUMNS: u32 = 576u;
const FACTOR: f32 = 0.5f;
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

// binds: x
fn point(index: u32) -> f32 {
    return FACTOR * x[index];
}

// y[i, j] = point(…) of the elements at [i, j] of the operands: a workgroup is a row.
// links: point
// binds: y
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let row = group_id.x * COLUMNS;
    for (var index = lane; index < COLUMNS; index += LANES) {
        y[row + index] = point(row + index);
    }
}
