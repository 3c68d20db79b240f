// gives: source
// Query, key and value lie in one value.
// binds: x
fn source(part: u32, index: u32) -> f32 {
    return x[index];
}
