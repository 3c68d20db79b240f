const LANES: u32 = 8u;
const COLUMNS: u32 = 576u;
const GROUPS: u32 = 1u;
const EPSILON: f32 = 1.0E-5f;
@group(0) @binding(0) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(1) var<uniform> gain: array<vec4f, 144>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

fn point(index: u32, column: u32, part0: f32) -> f32 {
    return part0;
}

// y = point(gain * x / sqrt(mean(x^2) + epsilon)) over each group of COLUMNS columns (y of the grid) of each row (x) by itself.
// links: point
// binds: x, gain, y
var<workgroup> partial_squares: array<f32, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let row = (group_id.x * GROUPS + group_id.y) * (COLUMNS / 4u);
    var squares = 0.0;
    for (var index = lane; index < COLUMNS / 4u; index += LANES) {
        let value = x[row + index];
        squares += dot(value, value);
    }
    partial_squares[lane] = squares;
    workgroupBarrier();
    var total = 0.0;
    for (var other = 0u; other < LANES; other++) {
        total += partial_squares[other];
    }
    let factor = inverseSqrt(total / f32(COLUMNS) + EPSILON);
    for (var index = lane; index < COLUMNS / 4u; index += LANES) {
        let value = x[row + index] * gain[index] * factor;
        let at = 4u * (row + index);
        let column = group_id.y * COLUMNS + 4u * index;
        for (var element = 0u; element < 4u; element++) {
            y[at + element] = point(at + element, column + element, value[element]);
        }
    }
}
