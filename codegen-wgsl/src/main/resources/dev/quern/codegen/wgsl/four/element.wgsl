// An element of the input; none behind the last column.
// binds: x
fn element(token: u32, index: u32) -> f32 {
    if (COLUMNS % 64u == 0u) {
        return x[token * COLUMNS + index];
    }
    return select(0.0, x[token * COLUMNS + min(index, COLUMNS - 1u)], index < COLUMNS);
}
