// A sum goes into the product as it is.
fn gained(own: vec4f, index: u32) -> vec4f {
    return own;
}

fn normalise(squares: f32) -> f32 {
    return 1.0;
}
