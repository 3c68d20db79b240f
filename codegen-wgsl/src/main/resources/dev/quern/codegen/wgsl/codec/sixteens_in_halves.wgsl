// gives: sixteens
// Scales for sixteen elements, two in a block: the first for e0 to e3, the second for e4 to e7. The quants are those of
// bytes_in_halves.
// links: bytes

// d * q + m.
fn scaled_sixteens(q: Block, d: vec2f, m: vec2f) -> Block {
    let a = vec4f(128.0 * d.x);
    let b = vec4f(128.0 * d.y);
    let c = vec4f(m.x - 128.0 * d.x);
    let e = vec4f(m.y - 128.0 * d.y);
    return Block(
        fma(q.e0, a, c), fma(q.e1, a, c), fma(q.e2, a, c), fma(q.e3, a, c),
        fma(q.e4, b, e), fma(q.e5, b, e), fma(q.e6, b, e), fma(q.e7, b, e));
}

// The sum of d * q * x; `sums` are those of x over the two halves.
fn dot_sixteens(q: Block, x: Block, d: vec2f, sums: vec2f) -> f32 {
    let low = fma(q.e3, x.e3, fma(q.e2, x.e2, fma(q.e1, x.e1, q.e0 * x.e0)));
    let high = fma(q.e7, x.e7, fma(q.e6, x.e6, fma(q.e5, x.e5, q.e4 * x.e4)));
    let of_ones = vec2f((low.x + low.y) + (low.z + low.w), (high.x + high.y) + (high.z + high.w));
    return 128.0 * dot(d, of_ones - sums);
}

// The sums of x over the two halves; `sum` is that over both.
fn sums_of_sixteens(x: Block, sum: f32) -> vec2f {
    let all = (x.e0 + x.e1) + (x.e2 + x.e3);
    let low = (all.x + all.y) + (all.z + all.w);
    return vec2f(low, sum - low);
}
