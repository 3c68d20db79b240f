// gives: nibbles
// Quants of four bits for a kernel of four lanes: masked where they are, never shifted. A nibble at bit s is q * 2^s, and the input
// that it meets is divided by 2^s, which is exact. The topmost nibble would be taken for a sign: its highest bit is inverted, so that
// it stands for q - 8, and 8 times the elements that it meets is added to the product.
// links: texel_behind
fn low_nibbles(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) & vec4u(0xfu, 0xf00u, 0xf0000u, 0xf000000u)));
}

fn high_nibbles(word: u32) -> vec4f {
    return vec4f(bitcast<vec4i>(vec4u(word ^ 0x80000000u) & vec4u(0xf0u, 0xf000u, 0xf00000u, 0xf0000000u)));
}

fn quants_of(scales: Scales, tile: Anchor, row: u32, step: Step, which: u32) -> Block {
    let words = texel_behind(tile, row + step.quants + which * step.next);
    return Block(
        low_nibbles(words.x), low_nibbles(words.y), low_nibbles(words.z), low_nibbles(words.w),
        high_nibbles(words.x), high_nibbles(words.y), high_nibbles(words.z), high_nibbles(words.w));
}

// What lane l owns meets the nibbles at the bits 8l and 8l + 4.
fn placed_for_quants(own: Own, lane: u32) -> Own {
    let scale = bitcast<f32>((127u - 8u * lane) << 23u);
    return Own(own.low * scale, own.high * (scale * 0x1p-4));
}

// Lane 3 owns the elements that the topmost nibbles meet.
fn top_nibbles(own: Own, lane: u32) -> f32 {
    return select(0.0, 8.0 * dot(own.high, vec4f(1.0)), lane == 3u);
}
