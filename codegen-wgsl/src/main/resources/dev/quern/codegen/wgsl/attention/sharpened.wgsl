// gives: scale
// Scores grow with the position of the row: by one step more every INTERVAL positions, by less from step to step.
fn scale_at(position: u32) -> f32 {
    return SCALE * (1.0 + STRENGTH * log(f32(1u + position / INTERVAL)));
}
