// Two elements of a state as they are.
// gives: state
fn packed(pair: vec2f) -> vec2f {
    return pair;
}
