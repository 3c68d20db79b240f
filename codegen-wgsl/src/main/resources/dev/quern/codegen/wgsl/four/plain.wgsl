// The input of a matrix kernel of four lanes as it is. Lane l owns the elements 4q + l of a block.
// links: element, own_elements
fn gained(own: Own, block: u32, lane: u32) -> Own {
    return own;
}

fn normalise(squares: f32) -> f32 {
    return 1.0;
}
