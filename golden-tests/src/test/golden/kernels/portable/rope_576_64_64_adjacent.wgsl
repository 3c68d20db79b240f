const LANES: u32 = 64u;
const COLUMNS: u32 = 576u;
const HEAD_SIZE: u32 = 64u;
const ROTARY: u32 = 64u;
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read> position: array<u32>;
@group(0) @binding(2) var<storage, read> table: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

// Pair p of a head is (2p, 2p + 1). Gives the pair of an element and its partner.
fn pair_of(element: u32) -> u32 {
    return element >> 1u;
}

fn partner_of(element: u32) -> u32 {
    return element ^ 1u;
}

fn is_second(element: u32) -> bool {
    return (element & 1u) == 1u;
}

// Element `element` of the head that begins at x[start], rotated for a position. The table holds (cos, sin) of each pair of each
// position, computed in double precision when the model was compiled.
// links: pairing
// binds: x, table
fn rotated(start: u32, element: u32, position: u32) -> f32 {
    let own = x[start + element];
    if (element >= ROTARY) {
        return own;
    }
    let turn = table[position * (ROTARY / 2u) + pair_of(element)];
    let other = x[start + partner_of(element)];
    return own * turn.x + select(-other, other, is_second(element)) * turn.y;
}

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
