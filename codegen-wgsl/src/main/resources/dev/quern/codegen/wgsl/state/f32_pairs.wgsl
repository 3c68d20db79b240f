// gives: state
// Keys and values as floats, two elements at a time.
// binds: keys, values
fn key_pair(index: u32) -> vec2f {
    return keys[index];
}

fn value_pair(index: u32) -> vec2f {
    return values[index];
}
