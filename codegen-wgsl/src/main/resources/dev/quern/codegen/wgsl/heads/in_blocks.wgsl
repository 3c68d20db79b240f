// gives: keep
// Heads are gathered first, and written to their states in blocks, once the largest of a block's elements is known: a word of four
// bytes a lane, and then the scales.
// links: blocks, scales
const HEAD_BLOCKS: u32 = HEAD_SIZE / 32u;
const HEAD_WORDS: u32 = HEAD_SIZE / 4u;
const QUANT_WORDS: u32 = KEY_VALUE_HEADS * HEAD_WORDS;
const ROW_WORDS: u32 = QUANT_WORDS + (KEY_VALUE_HEADS * HEAD_BLOCKS + 1u) / 2u;

var<workgroup> gathered: array<vec2f, PAIRS>;

fn keep_pair(part: u32, row: u32, head: u32, pair: u32, placed: vec2f) {
    gathered[pair] = placed;
}

fn largest_of(block: u32) -> u32 {
    var largest = 0u;
    for (var pair = 16u * block; pair < 16u * block + 16u; pair++) {
        largest = max(largest, magnitude_of(gathered[pair]));
    }
    return largest;
}

fn keep_rest(part: u32, row: u32, head: u32, lane: u32) {
    workgroupBarrier();
    if (part != QUERY) {
        let first = row * ROW_WORDS + head * HEAD_WORDS;
        for (var word = lane; word < HEAD_WORDS; word += LANES) {
            let four = vec4f(gathered[2u * word], gathered[2u * word + 1u]);
            keep_word(part, first + word, quants_of(four, largest_of(word / 8u)));
        }
        keep_scales(part, row * ROW_WORDS + QUANT_WORDS, head * HEAD_BLOCKS, lane);
    }
}
