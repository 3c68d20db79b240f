// RMS normalisation of a sum: sum * gain goes into the product, and the finished row is divided by the root of the mean square,
// which the lanes have gathered on the way.
// binds: gain
fn gained(own: vec4f, index: u32) -> vec4f {
    return own * gain[select(index, min(index, COLUMNS / 4u - 1u), COLUMNS % 32u != 0u)];
}

fn normalise(squares: f32) -> f32 {
    return inverseSqrt(squares / f32(COLUMNS) + EPSILON);
}
