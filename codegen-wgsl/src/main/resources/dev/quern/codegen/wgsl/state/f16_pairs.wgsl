// gives: state
// Keys as halves, four elements of a row at a time, counted in pairs; values two at a time.
// links: positions
// binds: keys, values
fn row_of(position: u32) -> u32 {
    return row_of_position(position) * (KEY_VALUE_HEADS * HEAD_SIZE / 2u);
}

fn key_four(row: u32, index: u32) -> vec4f {
    return vec4f(unpack2x16float(keys[row + index]), unpack2x16float(keys[row + index + 1u]));
}

fn value_pair(row: u32, index: u32) -> vec2f {
    return unpack2x16float(values[row + index]);
}
