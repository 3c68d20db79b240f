// gives: quants
// q4_0 for a kernel of four lanes: w = d * (q - 8). A header texel holds d of eight blocks, two to a word.
// links: nibbles, halves
const HEADER: u32 = 1u;
const QUANTS: u32 = 1u;
const CHUNK: u32 = 8u;

fn correction_of(own: Own, lane: u32) -> f32 {
    return top_nibbles(own, lane) - 8.0 * dot(own.low + own.high, vec4f(1.0));
}
