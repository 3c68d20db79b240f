// gives: turn
// Elements of a head, `element` and the one behind it, of two pairs; rotated unless they are a value's. The table holds (cos, sin)
// of each pair of each position, computed in double precision when the model was compiled.
// links: norm, pairing
// binds: table
fn turned(part: u32, first: u32, element: u32, root: f32, position: u32) -> vec2f {
    let own = vec2f(element_of(part, first, element, root), element_of(part, first, element + 1u, root));
    if (part == VALUE || element >= ROTARY) {
        return own;
    }
    let other = vec2f(
        element_of(part, first, partner_of(element), root), element_of(part, first, partner_of(element + 1u), root));
    let row = position * (ROTARY / 2u);
    let a = table[row + pair_of(element)];
    let b = table[row + pair_of(element + 1u)];
    return vec2f(
        own.x * a.x + select(-other.x, other.x, is_second(element)) * a.y,
        own.y * b.x + select(-other.y, other.y, is_second(element + 1u)) * b.y);
}
