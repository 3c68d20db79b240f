// gives: scales
// A head has whole words of scales.
// links: keep
// binds: keys, values
fn keep_word(part: u32, at: u32, word: u32) {
    if (part == KEY) {
        keys[at] = word;
    } else {
        values[at] = word;
    }
}

fn keep_scales(part: u32, scales: u32, first: u32, lane: u32) {
    for (var block = 2u * lane; block < HEAD_BLOCKS; block += 2u * LANES) {
        // Behind the last block of a row there may be none.
        let second = min(block + 1u, HEAD_BLOCKS - 1u);
        keep_word(part, scales + (first + block) / 2u, halves_of(largest_of(block), largest_of(second)));
    }
}
