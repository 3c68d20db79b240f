// gives: state
// Keys and values as halves, two elements at a time.
// binds: keys, values
fn key_pair(index: u32) -> vec2f {
    return unpack2x16float(keys[index]);
}

fn value_pair(index: u32) -> vec2f {
    return unpack2x16float(values[index]);
}
