// gives: block
// Thirty-two consecutive elements of a row, four to a vector: e3 holds elements 12 to 15.
struct Block {
    e0: vec4f,
    e1: vec4f,
    e2: vec4f,
    e3: vec4f,
    e4: vec4f,
    e5: vec4f,
    e6: vec4f,
    e7: vec4f,
}

// A sum of products in fused steps: drivers fuse `fma`, but not what `dot` expands to.
fn dot_blocks(a: Block, b: Block) -> f32 {
    var sum = a.e0 * b.e0;
    sum = fma(a.e1, b.e1, sum);
    sum = fma(a.e2, b.e2, sum);
    sum = fma(a.e3, b.e3, sum);
    sum = fma(a.e4, b.e4, sum);
    sum = fma(a.e5, b.e5, sum);
    sum = fma(a.e6, b.e6, sum);
    sum = fma(a.e7, b.e7, sum);
    return (sum.x + sum.y) + (sum.z + sum.w);
}

// The 16-bit half `index` of four words, two to a word, low half first.
fn half_of(words: vec4u, index: u32) -> u32 {
    let low = select(words.x, words.y, (index & 2u) != 0u);
    let high = select(words.z, words.w, (index & 2u) != 0u);
    let word = select(low, high, (index & 4u) != 0u);
    return select(word & 0xffffu, word >> 16u, (index & 1u) != 0u);
}

// Word `index` of four.
fn word_of(words: vec4u, index: u32) -> u32 {
    let low = select(words.x, words.y, (index & 1u) != 0u);
    let high = select(words.z, words.w, (index & 1u) != 0u);
    return select(low, high, (index & 2u) != 0u);
}

// d * q + m, element by element.
fn affine(q: Block, d: vec4f, m: f32) -> Block {
    let term = vec4f(m);
    return Block(
        fma(q.e0, d, term), fma(q.e1, d, term), fma(q.e2, d, term), fma(q.e3, d, term),
        fma(q.e4, d, term), fma(q.e5, d, term), fma(q.e6, d, term), fma(q.e7, d, term));
}
