// gives: halves
// One scale a block, two to a word: those of the two blocks of a step.
// links: texel_behind
struct Scales {
    both: vec2f,
}

fn step_scales(tile: Anchor, row: u32, step: Step) -> Scales {
    let words = texel_behind(tile, row);
    let odd = (step.index & 2u) != 0u;
    let word = select(select(words.x, words.y, odd), select(words.z, words.w, odd), (step.index & 4u) != 0u);
    return Scales(unpack2x16float(word));
}

fn scaled_sum(scales: Scales, which: u32, product: f32, input: Input) -> f32 {
    return select(scales.both.x, scales.both.y, which == 1u) * (product + input.correction);
}
