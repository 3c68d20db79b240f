// gives: codec
// q5_0: w = d * (q - 16). Of the three header texels the first holds d of eight blocks, the others their words of fifth bits.
// links: texel, fives
const HEADER: u32 = 3u;
const CHUNK: u32 = 8u;

struct Header {
    scales: vec4u,
    fifth_low: vec4u,
    fifth_high: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at), texel(at + 8u), texel(at + 16u));
}

fn scale_of(head: Header, index: u32) -> f32 {
    return unpack2x16float(half_of(head.scales, index)).x;
}

fn fifth_of(head: Header, index: u32) -> u32 {
    return select(word_of(head.fifth_low, index), word_of(head.fifth_high, index), index >= 4u);
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let d = scale_of(head, index);
    return scaled(load_quants(at, fifth_of(head, index)), d, -16.0 * d);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    return scale_of(head, index) * (dot_bytes(load_quants(at, fifth_of(head, index)), x, sum) - 16.0 * sum);
}
