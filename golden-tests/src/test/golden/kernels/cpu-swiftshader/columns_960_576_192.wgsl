const LANES: u32 = 4u;
const COLUMNS: u32 = 960u;
const START: u32 = 576u;
const EXTENT: u32 = 192u;
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

// y[i, j] = x[i, START + j]: a workgroup is a row.
// binds: x, y
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    for (var index = lane; index < EXTENT; index += LANES) {
        y[group_id.x * EXTENT + index] = x[group_id.x * COLUMNS + START + index];
    }
}
