// gives: norm
// Heads as they are.
// links: source
fn root_of(part: u32, first: u32, lane: u32) -> f32 {
    return 1.0;
}

fn element_of(part: u32, first: u32, element: u32, root: f32) -> f32 {
    return source(part, first + element);
}
