// gives: turn
// Elements of a head, `element` and the one behind it, as they are.
// links: norm
fn turned(part: u32, first: u32, element: u32, root: f32, position: u32) -> vec2f {
    return vec2f(element_of(part, first, element, root), element_of(part, first, element + 1u, root));
}
