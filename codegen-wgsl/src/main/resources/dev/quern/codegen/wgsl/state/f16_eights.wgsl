// gives: state
// Keys and values as halves, eight elements of a row at a time; values two at a time too.
// links: positions
// binds: keys, values
struct Eight {
    low: vec4f,
    high: vec4f,
}

fn eight_of(halves: vec4u) -> Eight {
    return Eight(
        vec4f(unpack2x16float(halves.x), unpack2x16float(halves.y)),
        vec4f(unpack2x16float(halves.z), unpack2x16float(halves.w)));
}

fn row_of(position: u32) -> u32 {
    return row_of_position(position) * (KEY_VALUE_HEADS * HEAD_SIZE / 8u);
}

fn key_eight(row: u32, index: u32) -> Eight {
    return eight_of(keys[row + index]);
}

fn value_eight(row: u32, index: u32) -> Eight {
    return eight_of(values[row + index]);
}

fn value_pair(row: u32, index: u32) -> vec2f {
    let halves = values[row + index / 4u];
    let low = select(halves.x, halves.y, (index & 1u) != 0u);
    let high = select(halves.z, halves.w, (index & 1u) != 0u);
    return unpack2x16float(select(low, high, (index & 2u) != 0u));
}
