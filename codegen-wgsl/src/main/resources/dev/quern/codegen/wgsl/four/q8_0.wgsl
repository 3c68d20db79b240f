// q8_0 for a kernel of four lanes: w = d * q, q a signed byte, masked where it is, never shifted. A byte at bit s is q * 2^s, and the
// input that it meets is divided by 2^s, which is exact. Only the topmost byte has its sign at the top of the word: the others have
// their highest bit inverted, so that they stand for q + 128, and 128 times the elements that they meet is taken from the product. A
// header texel holds d of eight blocks; two texels of quants hold a block in order.
// links: halves
// binds: weights
const HEADER: u32 = 1u;
const QUANTS: u32 = 2u;
const CHUNK: u32 = 8u;

fn four_bytes(at: u32) -> vec4f {
    return vec4f(bitcast<vec4i>(vec4u(weights[at] ^ 0x00808080u) & vec4u(0xffu, 0xff00u, 0xff0000u, 0xff000000u)));
}

fn quants_of(scales: Scales, row: u32, step: Step, which: u32) -> Block {
    let at = 4u * (row + step.quants + which * step.next);
    return Block(
        four_bytes(at), four_bytes(at + 1u), four_bytes(at + 2u), four_bytes(at + 3u),
        four_bytes(at + 32u), four_bytes(at + 33u), four_bytes(at + 34u), four_bytes(at + 35u));
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
