// Scales and minima of six bits for the eight blocks of a superblock. A header texel: d and dmin as halves; then bytes s0 to s3,
// m0 to m3 and t0 to t3. Of blocks j below 4, the scale is the lower six bits of s_j, the minimum those of m_j. Of block 4 + j, the
// lower four bits of the scale are the low nibble of t_j, those of the minimum its high nibble; the upper two bits are those of
// s_j and m_j.

// (d * scale, -dmin * minimum) of block `index`.
fn six_bit_scales(words: vec4u, index: u32) -> vec2f {
    let bytes_of = words.yzw >> vec3u(8u * (index & 3u));
    let first = bytes_of.xy & vec2u(0x3fu);
    let later = ((vec2u(bytes_of.z) >> vec2u(0u, 4u)) & vec2u(0xfu)) | ((bytes_of.xy >> vec2u(2u)) & vec2u(0x30u));
    return unpack2x16float(words.x) * vec2f(vec2i(select(first, later, index >= 4u))) * vec2f(1.0, -1.0);
}
