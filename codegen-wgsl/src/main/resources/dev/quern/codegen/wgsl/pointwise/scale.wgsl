// binds: x
fn point(index: u32) -> f32 {
    return FACTOR * x[index];
}
