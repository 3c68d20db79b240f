// gives: state
// Keys and values as floats, eight elements at a time; values two at a time too.
// binds: keys, values
struct Eight {
    low: vec4f,
    high: vec4f,
}

fn key_eight(index: u32) -> Eight {
    return Eight(keys[2u * index], keys[2u * index + 1u]);
}

fn value_eight(index: u32) -> Eight {
    return Eight(values[2u * index], values[2u * index + 1u]);
}

fn value_pair(index: u32) -> vec2f {
    let four = values[index / 2u];
    return select(four.xy, four.zw, (index & 1u) != 0u);
}
