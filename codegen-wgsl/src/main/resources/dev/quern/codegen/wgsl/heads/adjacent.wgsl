// gives: turn
// Elements of a head, `element` and the one behind it, which form a pair; rotated unless they are a value's. The table holds
// (cos, sin) of each pair of each position, computed in double precision when the model was compiled.
// links: norm
// binds: table
fn turned(part: u32, first: u32, element: u32, root: f32, position: u32) -> vec2f {
    let a = element_of(part, first, element, root);
    let b = element_of(part, first, element + 1u, root);
    if (part == VALUE || element >= ROTARY) {
        return vec2f(a, b);
    }
    let turn = table[position * (ROTARY / 2u) + element / 2u];
    return vec2f(a * turn.x - b * turn.y, a * turn.y + b * turn.x);
}
