// Puts one head (x of the grid) of one token (y) where attention reads it: query heads, behind them key heads, behind them value
// heads. Queries go to y in pairs of elements, keys and values to their states.
// links: norm, turn, keep, positions
// binds: position, y
const QUERY: u32 = 0u;
const KEY: u32 = 1u;
const VALUE: u32 = 2u;
const PAIRS: u32 = HEAD_SIZE / 2u;

// What holds for a part.
fn of_part(part: u32, query: u32, key: u32, value: u32) -> u32 {
    return select(select(value, key, part == KEY), query, part == QUERY);
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let token = group_id.y;
    let at = position[0] + token;
    let part = select(select(VALUE, KEY, group_id.x < HEADS + KEY_VALUE_HEADS), QUERY, group_id.x < HEADS);
    let head = group_id.x - of_part(part, 0u, HEADS, HEADS + KEY_VALUE_HEADS);
    let row = token * of_part(part, QUERY_COLUMNS, KEY_COLUMNS, VALUE_COLUMNS);
    let first = row + of_part(part, QUERY_START, KEY_START, VALUE_START) + head * HEAD_SIZE;
    let root = root_of(part, first, lane);
    let kept = row_of_position(at);
    for (var pair = lane; pair < PAIRS; pair += LANES) {
        let placed = turned(part, first, 2u * pair, root, at);
        if (part == QUERY) {
            y[(token * HEADS + head) * PAIRS + pair] = placed;
        } else {
            keep_pair(part, kept, head, pair, placed);
        }
    }
    keep_rest(part, kept, head, lane);
}
