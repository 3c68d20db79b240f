// A weight in a sampled texture of rgba32uint, 4096 texels a row.
// binds: weights
fn texel(index: u32) -> vec4u {
    return textureLoad(weights, vec2u(index & 4095u, index >> 12u), 0);
}

// A texel whose coordinates are found once for those shortly behind it: drivers without shifts by vectors pay for every shift.
struct Anchor {
    index: u32,
    column: u32,
    line: u32,
}

fn anchor_at(index: u32) -> Anchor {
    return Anchor(index, index & 4095u, index >> 12u);
}

// The texel so many behind the anchor, fewer than 4096.
fn texel_behind(anchor: Anchor, offset: u32) -> vec4u {
    let column = anchor.column + offset;
    let beyond = column > 4095u;
    let at = vec2u(select(column, column - 4096u, beyond), select(anchor.line, anchor.line + 1u, beyond));
    return textureLoad(weights, at, 0);
}
