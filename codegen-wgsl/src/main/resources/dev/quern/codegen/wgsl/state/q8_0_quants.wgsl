// gives: quants
// Rows of blocks: the bytes of all blocks, four to a word, behind them their scales, two to a word.
// links: positions
const QUANT_WORDS: u32 = KEY_VALUE_HEADS * HEAD_SIZE / 4u;
const ROW_WORDS: u32 = QUANT_WORDS + (KEY_VALUE_HEADS * HEAD_SIZE / 32u + 1u) / 2u;

fn row_of(position: u32) -> u32 {
    return row_of_position(position) * ROW_WORDS;
}

// Four signed bytes.
fn quants(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) << vec4u(24u, 16u, 8u, 0u)) >> vec4u(24u));
}

// Two signed bytes, the lower or the upper ones.
fn quant_pair(word: u32, upper: bool) -> vec2f {
    let two = select(word << 16u, word, upper);
    return vec2f(vec2i(vec2u(two << 8u, two)) >> vec2u(24u));
}

fn scale_of(halves: u32, second: bool) -> f32 {
    return unpack2x16float(select(halves, halves >> 16u, second)).x;
}
