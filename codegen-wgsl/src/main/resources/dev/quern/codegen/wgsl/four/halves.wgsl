// One scale a block, two to a word: those of the two blocks of a step.
// binds: weights
struct Scales {
    both: vec2f,
}

fn step_scales(row: u32, step: Step) -> Scales {
    return Scales(unpack2x16float(weights[4u * (row + step.head) + step.index / 2u]));
}

fn scaled_sum(scales: Scales, which: u32, product: f32, input: Input) -> f32 {
    return select(scales.both.x, scales.both.y, which == 1u) * (product + input.correction);
}
