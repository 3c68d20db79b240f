// gives: codec
// q2_k: w = d * scale * q - dmin * minimum, with four bits of scale and minimum for sixteen elements. Of the six header texels the
// first holds the sixteen bytes of a superblock, the scale in the low nibble; the second (d, dmin); each of the others the quants of
// two blocks, two words a block.
//
// Per superblock 12 bytes, those behind dmin, are padding.
// links: texel, bytes, two_bits, sixteens
const HEADER: u32 = 6u;
const QUANTS: u32 = 0u;
const CHUNK: u32 = 8u;

struct Header {
    scales: vec4u,
    d: vec2f,
}

fn header(at: u32) -> Header {
    return Header(texel(at), unpack2x16float(texel(at + 8u).x));
}

// (d * scale, d * scale) of the two halves of a block, then (dmin * minimum, dmin * minimum).
fn scales_of(head: Header, index: u32) -> vec4f {
    let pair = (vec4u(half_of(head.scales, index)) >> vec4u(0u, 8u, 4u, 12u)) & vec4u(0xfu);
    return head.d.xxyy * vec4f(vec4i(pair));
}

fn load_quants(index: u32, at: u32) -> Block {
    let q = pair_of(texel(at - 8u * (4u - index / 2u)), index);
    return Block(
        bytes(two_bits(q.x, 0u)), bytes(two_bits(q.x, 1u)), bytes(two_bits(q.x, 2u)), bytes(two_bits(q.x, 3u)),
        bytes(two_bits(q.y, 0u)), bytes(two_bits(q.y, 1u)), bytes(two_bits(q.y, 2u)), bytes(two_bits(q.y, 3u)));
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let scale = scales_of(head, index);
    return scaled_sixteens(load_quants(index, at), scale.xy, -scale.zw);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = scales_of(head, index);
    let sums = sums_of_sixteens(x, sum);
    return dot_sixteens(load_quants(index, at), x, scale.xy, sums) - dot(scale.zw, sums);
}
