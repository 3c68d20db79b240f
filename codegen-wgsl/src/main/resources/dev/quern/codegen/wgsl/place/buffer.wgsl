// A weight in a storage buffer.
// binds: weights
fn texel(index: u32) -> vec4u {
    return weights[index];
}
