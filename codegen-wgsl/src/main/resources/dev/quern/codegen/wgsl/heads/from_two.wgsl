// gives: source
// Query, key and value lie in two values.
// binds: x, second_x
fn source(part: u32, index: u32) -> f32 {
    if (of_part(part, 0u, KEY_FROM, VALUE_FROM) == 0u) {
        return x[index];
    }
    return second_x[index];
}
