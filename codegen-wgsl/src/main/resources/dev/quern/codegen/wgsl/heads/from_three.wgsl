// gives: source
// Query, key and value lie in a value each.
// binds: x, second_x, third_x
fn source(part: u32, index: u32) -> f32 {
    if (part == QUERY) {
        return x[index];
    }
    if (part == KEY) {
        return second_x[index];
    }
    return third_x[index];
}
