// gives: quants
// q4_1 for a kernel of four lanes: w = d * q + m. A header texel holds (d, m) of four blocks, a word each.
// links: nibbles, texel_behind
const HEADER: u32 = 1u;
const QUANTS: u32 = 1u;
const CHUNK: u32 = 4u;

struct Scales {
    first: vec2f,
    second: vec2f,
}

fn step_scales(tile: Anchor, row: u32, step: Step) -> Scales {
    let words = texel_behind(tile, row);
    let both = select(words.xy, words.zw, step.index == 2u);
    return Scales(unpack2x16float(both.x), unpack2x16float(both.y));
}

fn scaled_sum(scales: Scales, which: u32, product: f32, input: Input) -> f32 {
    let scale = select(scales.first, scales.second, which == 1u);
    return fma(scale.x, product + input.correction, scale.y * input.sum);
}

fn correction_of(own: Own, lane: u32) -> f32 {
    return top_nibbles(own, lane);
}
