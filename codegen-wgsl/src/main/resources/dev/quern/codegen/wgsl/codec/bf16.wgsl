// gives: codec
// bf16: the four elements of two words; a bf16 is the upper half of an f32.
fn four(low: u32, high: u32) -> vec4f {
    return bitcast<vec4f>(vec4u(low << 16u, low & 0xffff0000u, high << 16u, high & 0xffff0000u));
}
