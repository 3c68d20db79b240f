// gives: state
// Keys and values as halves, eight elements at a time; values two at a time too.
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

fn key_eight(index: u32) -> Eight {
    return eight_of(keys[index]);
}

fn value_eight(index: u32) -> Eight {
    return eight_of(values[index]);
}

fn value_pair(index: u32) -> vec2f {
    let halves = values[index / 4u];
    let low = select(halves.x, halves.y, (index & 1u) != 0u);
    let high = select(halves.z, halves.w, (index & 1u) != 0u);
    return unpack2x16float(select(low, high, (index & 2u) != 0u));
}
