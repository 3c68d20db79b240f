// gives: state
// Keys and values in blocks of bytes, eight elements of a row at a time; values two at a time too.
// links: quants
// binds: keys, values
struct Eight {
    low: vec4f,
    high: vec4f,
}

fn key_eight(row: u32, index: u32) -> Eight {
    let scale = scale_of(keys[row + QUANT_WORDS + index / 8u], (index & 4u) != 0u);
    return Eight(quants(keys[row + 2u * index]) * scale, quants(keys[row + 2u * index + 1u]) * scale);
}

fn value_eight(row: u32, index: u32) -> Eight {
    let scale = scale_of(values[row + QUANT_WORDS + index / 8u], (index & 4u) != 0u);
    return Eight(quants(values[row + 2u * index]) * scale, quants(values[row + 2u * index + 1u]) * scale);
}

fn value_pair(row: u32, index: u32) -> vec2f {
    let scale = scale_of(values[row + QUANT_WORDS + index / 32u], (index & 16u) != 0u);
    return quant_pair(values[row + index / 2u], (index & 1u) != 0u) * scale;
}
