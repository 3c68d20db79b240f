// gives: blocks
// Blocks of 32 elements as bytes with a half as scale. What is not finite makes the scale infinite or NaN, and the bytes 0, so that it is
// found out.
// links: state
const INFINITE: u32 = 0x7f800000u;

// The larger magnitude of two elements, as bits: those order as the numbers do, and NaN is beyond infinity.
fn magnitude_of(pair: vec2f) -> u32 {
    let bits = bitcast<vec2u>(pair) & vec2u(0x7fffffffu);
    return max(bits.x, bits.y);
}

// The scale of a block whose largest magnitude is given as bits.
fn scale_of(largest: u32) -> f32 {
    let scale = bitcast<u32>(bitcast<f32>(min(largest, INFINITE - 1u)) / 127.0);
    return bitcast<f32>(select(scale, largest, largest >= INFINITE));
}

// The scales of two blocks as a word of halves.
fn halves_of(first: u32, second: u32) -> u32 {
    return packed(vec2f(scale_of(first), scale_of(second)));
}

// Four elements of a block as bytes, rounded to the nearest and halves away from zero. Blocks of less than 1e-29 have a scale of 0.
fn quants_of(four: vec4f, largest: u32) -> u32 {
    if (largest >= INFINITE || largest < 0x10000000u) {
        return 0u;
    }
    let scaled = four * (1.0 / scale_of(largest));
    // The largest number below a half: a sum with a half itself would round up what is a little less.
    let magnitudes = min(floor(abs(scaled) + vec4f(0x1.fffffep-2)), vec4f(127.0));
    let bytes = vec4u(vec4i(select(magnitudes, -magnitudes, scaled < vec4f()))) & vec4u(0xffu);
    return bytes.x | (bytes.y << 8u) | (bytes.z << 16u) | (bytes.w << 24u);
}
