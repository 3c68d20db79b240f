// gives: state
// Two elements of a state as they are.
fn packed(pair: vec2f) -> vec2f {
    return pair;
}
