// The input of a matrix kernel of four lanes under RMS normalisation: x * gain goes into the product, and the finished row is divided
// by the root of the mean square, which the lanes have gathered on the way.
// links: own_elements
// binds: gain
fn gain_of(index: u32) -> f32 {
    return gain[select(index, min(index, COLUMNS - 1u), COLUMNS % 64u != 0u)];
}

fn gains_of(block: u32, lane: u32) -> Own {
    let at = block * 32u + lane;
    return Own(
        vec4f(gain_of(at), gain_of(at + 4u), gain_of(at + 8u), gain_of(at + 12u)),
        vec4f(gain_of(at + 16u), gain_of(at + 20u), gain_of(at + 24u), gain_of(at + 28u)));
}

fn gained(own: Own, gains: Own) -> Own {
    return Own(own.low * gains.low, own.high * gains.high);
}

fn normalise(squares: f32) -> f32 {
    return inverseSqrt(squares / f32(COLUMNS) + EPSILON);
}
