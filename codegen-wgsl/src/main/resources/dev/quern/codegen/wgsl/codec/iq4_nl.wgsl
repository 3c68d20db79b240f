// gives: codec
// iq4_nl: w = d * number of the code. A header texel holds d of eight blocks.
// links: texel, codes, iq4
const HEADER: u32 = 1u;
const CHUNK: u32 = 8u;

struct Header {
    scales: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at));
}

fn scale_of(head: Header, index: u32) -> f32 {
    return unpack2x16float(half_of(head.scales, index)).x;
}
