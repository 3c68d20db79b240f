// Stores one token's row, the workgroup's, to a state in blocks: a lane takes two of them, whose scales share a word.
// links: blocks, positions
// binds: x, position, state
const BLOCKS: u32 = COLUMNS / 32u;
const QUANT_WORDS: u32 = COLUMNS / 4u;
const ROW_WORDS: u32 = QUANT_WORDS + (BLOCKS + 1u) / 2u;

// Stores the bytes of a block and gives the largest of its magnitudes.
fn store(block: u32, source: u32, row: u32) -> u32 {
    let start = source + 32u * block;
    var largest = 0u;
    for (var element = start; element < start + 32u; element += 2u) {
        largest = max(largest, magnitude_of(vec2f(x[element], x[element + 1u])));
    }
    for (var word = 0u; word < 8u; word++) {
        let at = start + 4u * word;
        state[row + 8u * block + word] = quants_of(vec4f(x[at], x[at + 1u], x[at + 2u], x[at + 3u]), largest);
    }
    return largest;
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let token = group_id.x;
    let row = row_of_position(position[0] + token) * ROW_WORDS;
    for (var block = 2u * lane; block < BLOCKS; block += 2u * LANES) {
        let first = store(block, token * COLUMNS, row);
        var second = 0u;
        if (block + 1u < BLOCKS) {
            second = store(block + 1u, token * COLUMNS, row);
        }
        state[row + QUANT_WORDS + block / 2u] = halves_of(first, second);
    }
}
