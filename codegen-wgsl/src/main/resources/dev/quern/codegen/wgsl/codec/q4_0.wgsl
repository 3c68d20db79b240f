// gives: codec
// q4_0: w = d * (q - 8). A header texel holds d of eight blocks.
// links: texel, nibbles
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

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let d = scale_of(head, index);
    return scaled(load_quants(at), d, -8.0 * d);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    return scale_of(head, index) * (dot_quants(at, x, sum) - 8.0 * sum);
}
