// gives: rotate
// Element `element` of the head that begins at x[start], rotated for a position. The table holds (cos, sin) of each pair of each
// position, computed in double precision when the model was compiled.
// links: pairing
// binds: x, table
fn rotated(start: u32, element: u32, position: u32) -> f32 {
    let own = x[start + element];
    if (element >= ROTARY) {
        return own;
    }
    let turn = table[position * (ROTARY / 2u) + pair_of(element)];
    let other = x[start + partner_of(element)];
    return own * turn.x + select(-other, other, is_second(element)) * turn.y;
}
