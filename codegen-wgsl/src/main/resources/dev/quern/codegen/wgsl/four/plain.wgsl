// The input of a matrix kernel of four lanes as it is. Lane l owns the elements 4q + l of a block.
// links: element, own_elements
fn gains_of(block: u32, lane: u32) -> Own {
    return Own(vec4f(1.0), vec4f(1.0));
}

fn gained(own: Own, gains: Own) -> Own {
    return own;
}

fn normalise(squares: f32) -> f32 {
    return 1.0;
}
