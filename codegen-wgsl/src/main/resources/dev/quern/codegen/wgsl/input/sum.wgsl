// The input of matrix kernels for one token as the sum of a residual and of x normalised, whose root every workgroup finds first.
// binds: x, residual, post_gain
var<private> root: f32;

fn input(token: u32, index: u32) -> vec4f {
    if (COLUMNS % 32u != 0u && index >= COLUMNS / 4u) {
        return vec4f();
    }
    return fma(x[index], post_gain[index] * root, residual[index]);
}
