// An element of the input as the sum of a residual and of x normalised, whose root every workgroup finds first; none behind the last
// column.
// binds: x, residual, post_gain
var<private> root: f32;

fn element(token: u32, index: u32) -> f32 {
    let at = select(index, min(index, COLUMNS - 1u), COLUMNS % 64u != 0u);
    let sum = fma(x[at], post_gain[at] * root, residual[at]);
    return select(0.0, sum, index < COLUMNS);
}
