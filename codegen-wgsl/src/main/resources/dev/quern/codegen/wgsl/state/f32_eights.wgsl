// gives: state
// Keys and values as floats, eight elements of a row at a time; values two at a time too.
// links: positions
// binds: keys, values
struct Eight {
    low: vec4f,
    high: vec4f,
}

fn row_of(position: u32) -> u32 {
    return row_of_position(position) * (KEY_VALUE_HEADS * HEAD_SIZE / 4u);
}

fn key_eight(row: u32, index: u32) -> Eight {
    return Eight(keys[row + 2u * index], keys[row + 2u * index + 1u]);
}

fn value_eight(row: u32, index: u32) -> Eight {
    return Eight(values[row + 2u * index], values[row + 2u * index + 1u]);
}

fn value_pair(row: u32, index: u32) -> vec2f {
    let four = values[row + index / 2u];
    return select(four.xy, four.zw, (index & 1u) != 0u);
}
