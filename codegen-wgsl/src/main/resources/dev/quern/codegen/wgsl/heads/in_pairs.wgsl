// gives: keep
// Heads are written to their states as they come, a pair of elements at a time.
// links: state
// binds: keys, values
fn keep_pair(part: u32, row: u32, head: u32, pair: u32, placed: vec2f) {
    let at = (row * KEY_VALUE_HEADS + head) * PAIRS + pair;
    if (part == KEY) {
        keys[at] = packed(placed);
    } else {
        values[at] = packed(placed);
    }
}

fn keep_rest(part: u32, row: u32, head: u32, lane: u32) {}
