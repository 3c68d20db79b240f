// binds: gate, up
fn point(index: u32) -> f32 {
    let value = gate[index];
    return value / (1.0 + exp(-value)) * up[index];
}
