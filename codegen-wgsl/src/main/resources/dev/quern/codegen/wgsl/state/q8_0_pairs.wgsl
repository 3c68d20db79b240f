// gives: state
// Keys in blocks of bytes, four elements of a row at a time, counted in pairs; values two at a time.
// links: quants
// binds: keys, values
fn key_four(row: u32, index: u32) -> vec4f {
    let scale = scale_of(keys[row + QUANT_WORDS + index / 32u], (index & 16u) != 0u);
    return quants(keys[row + index / 2u]) * scale;
}

fn value_pair(row: u32, index: u32) -> vec2f {
    let scale = scale_of(values[row + QUANT_WORDS + index / 32u], (index & 16u) != 0u);
    return quant_pair(values[row + index / 2u], (index & 1u) != 0u) * scale;
}
