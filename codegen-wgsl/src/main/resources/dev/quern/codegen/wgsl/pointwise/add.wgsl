// binds: left, right
fn point(index: u32) -> f32 {
    return left[index] + right[index];
}
