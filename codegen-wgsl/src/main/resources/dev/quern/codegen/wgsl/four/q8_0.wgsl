// gives: quants
// q8_0 for a kernel of four lanes: w = d * q, q a signed byte, masked where it is, never shifted. A byte at bit s is q * 2^s, and the
// input that it meets is divided by 2^s, which is exact. Only the topmost byte has its sign at the top of the word: the others have
// their highest bit inverted, so that they stand for q + 128, and 128 times the elements that they meet is taken from the product. A
// header texel holds d of eight blocks; two texels of quants hold a block in order.
// links: halves, texel_behind
const HEADER: u32 = 1u;
const QUANTS: u32 = 2u;
const CHUNK: u32 = 8u;

fn four_bytes(word: u32) -> vec4f {
    return vec4f(bitcast<vec4i>(vec4u(word ^ 0x00808080u) & vec4u(0xffu, 0xff00u, 0xff0000u, 0xff000000u)));
}

fn quants_of(scales: Scales, tile: Anchor, row: u32, step: Step, which: u32) -> Block {
    let at = row + step.quants + which * step.next;
    let near = texel_behind(tile, at);
    let far = texel_behind(tile, at + 8u);
    return Block(
        four_bytes(near.x), four_bytes(near.y), four_bytes(near.z), four_bytes(near.w),
        four_bytes(far.x), four_bytes(far.y), four_bytes(far.z), four_bytes(far.w));
}

// What lane l owns meets the bytes at bit 8l.
fn placed_for_quants(own: Own, lane: u32) -> Own {
    let scale = bitcast<f32>((127u - 8u * lane) << 23u);
    return Own(own.low * scale, own.high * scale);
}

// Lane 3 owns the elements that the topmost bytes meet.
fn correction_of(own: Own, lane: u32) -> f32 {
    return select(-128.0 * dot(own.low + own.high, vec4f(1.0)), 0.0, lane == 3u);
}
