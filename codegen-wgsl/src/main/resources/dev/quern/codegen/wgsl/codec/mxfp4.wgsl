// gives: codec
// mxfp4: w = 2^(e - 128) * number of the code. A header texel holds e of sixteen blocks, a byte each. Of a code, bit 3 is the sign,
// the others stand for 0, 1, 2, 3, 4, 6, 8 and 12: twice what a float of two bits of exponent and one of mantissa is.
// links: texel, codes
const HEADER: u32 = 1u;
const CHUNK: u32 = 16u;

struct Header {
    exponents: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at));
}

// The two least powers of two are subnormal.
fn scale_of(head: Header, index: u32) -> f32 {
    let e = (word_of(head.exponents, index >> 2u) >> (8u * (index & 3u))) & 0xffu;
    return bitcast<f32>(select((e - 1u) << 23u, 0x00200000u << e, e < 2u));
}

// The numbers of the low nibbles of a word's bytes. Three bits put behind the exponent of 1.0 give 1, 1.5, 2, 3, 4, 6, 8 and 12, and
// of these numbers f the lesser of f and 2f - 2 is the one that is meant.
fn values_of(word: u32) -> vec4f {
    let places = vec4u(word << 22u, word << 14u, word << 6u, word >> 2u) & vec4u(0x01c00000u);
    let f = bitcast<vec4f>(places + vec4u(0x3f800000u));
    let signs = vec4u(word << 28u, word << 20u, word << 12u, word << 4u) & vec4u(0x80000000u);
    return bitcast<vec4f>(bitcast<vec4u>(min(f, fma(f, vec4f(2.0), vec4f(-2.0)))) ^ signs);
}
