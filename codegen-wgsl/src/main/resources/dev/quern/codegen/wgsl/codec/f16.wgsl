// gives: codec
// f16: the four elements of two words.
fn four(low: u32, high: u32) -> vec4f {
    return vec4f(unpack2x16float(low), unpack2x16float(high));
}
