// A weight in a storage buffer, read word by word: where a driver loads each word of a vector by itself, words that are not asked for
// cost nothing.
// binds: weights
fn texel(index: u32) -> vec4u {
    let at = 4u * index;
    return vec4u(weights[at], weights[at + 1u], weights[at + 2u], weights[at + 3u]);
}
