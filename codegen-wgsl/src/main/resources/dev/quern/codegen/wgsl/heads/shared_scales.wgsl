// gives: scales
// Two heads may share a word of scales, which two workgroups write: each exchanges its own half.
// links: keep
// binds: keys, values
fn keep_word(part: u32, at: u32, word: u32) {
    if (part == KEY) {
        atomicStore(&keys[at], word);
    } else {
        atomicStore(&values[at], word);
    }
}

fn keep_half(part: u32, at: u32, mask: u32, half: u32) {
    if (part == KEY) {
        atomicAnd(&keys[at], ~mask);
        atomicOr(&keys[at], half & mask);
    } else {
        atomicAnd(&values[at], ~mask);
        atomicOr(&values[at], half & mask);
    }
}

fn keep_scales(part: u32, scales: u32, first: u32, lane: u32) {
    for (var block = lane; block < HEAD_BLOCKS; block += LANES) {
        let largest = largest_of(block);
        let mask = select(0xffffu, 0xffff0000u, ((first + block) & 1u) == 1u);
        keep_half(part, scales + (first + block) / 2u, mask, halves_of(largest, largest));
    }
}
