// Rotates queries and keys of one token, the workgroup's; stores queries to y, keys and values in pairs to their states. A row of
// x holds the query heads, the key heads, the value heads.
// links: rotate, state
// binds: x, position, table, keys, values, y
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let token = group_id.x;
    let at = position[0] + token;
    let row = token * (HEADS + 2u * KEY_VALUE_HEADS) * HEAD_SIZE;
    for (var index = lane; index < HEADS * HEAD_SIZE; index += LANES) {
        let head = index / HEAD_SIZE;
        let element = index - head * HEAD_SIZE;
        y[token * HEADS * HEAD_SIZE + index] = rotated(row + head * HEAD_SIZE, element, at);
    }
    let first_key = row + HEADS * HEAD_SIZE;
    let first_value = first_key + KEY_VALUE_HEADS * HEAD_SIZE;
    const PAIRS = KEY_VALUE_HEADS * HEAD_SIZE / 2u;
    for (var index = lane; index < PAIRS; index += LANES) {
        let head = 2u * index / HEAD_SIZE;
        let element = 2u * index - head * HEAD_SIZE;
        let start = first_key + head * HEAD_SIZE;
        keys[at * PAIRS + index] = packed(vec2f(rotated(start, element, at), rotated(start, element + 1u, at)));
        values[at * PAIRS + index] = packed(vec2f(x[first_value + 2u * index], x[first_value + 2u * index + 1u]));
    }
}
