const LANES: u32 = 8u;
const COLUMNS: u32 = 192u;
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read> position: array<u32>;
@group(0) @binding(2) var<storage, read_write> state: array<u32>;

// Two elements of a state as one word of halves. What leaves the range of halves becomes infinite, with its sign, and NaN stays NaN, so that
// either is found out: WGSL itself leaves open what packing makes of them.
fn packed(pair: vec2f) -> u32 {
    let bits = bitcast<vec2u>(pair);
    let magnitudes = bits & vec2u(0x7fffffffu);
    // From 65520 on the nearest half is infinity; the words of NaNs are larger than that of infinity.
    let leaves = magnitudes >= vec2u(0x477ff000u);
    let inside = pack2x16float(clamp(select(pair, vec2f(), leaves), vec2f(-65504.0), vec2f(65504.0)));
    let outside = ((bits >> vec2u(16u)) & vec2u(0x8000u)) | select(vec2u(0x7c00u), vec2u(0x7e00u), magnitudes > vec2u(0x7f800000u));
    let mask = select(0u, 0xffffu, leaves.x) | select(0u, 0xffff0000u, leaves.y);
    return (inside & ~mask) | ((outside.x | (outside.y << 16u)) & mask);
}

// Blocks of 32 elements as bytes with a half as scale. What is not finite makes the scale infinite or NaN, and the bytes 0, so that it is
// found out.
// links: state
const INFINITE: u32 = 0x7f800000u;

// The larger magnitude of two elements, as bits: those order as the numbers do, and NaN is beyond infinity.
fn magnitude_of(pair: vec2f) -> u32 {
    let bits = bitcast<vec2u>(pair) & vec2u(0x7fffffffu);
    return max(bits.x, bits.y);
}

// The scale of a block whose largest magnitude is given as bits.
fn scale_of(largest: u32) -> f32 {
    let scale = bitcast<u32>(bitcast<f32>(min(largest, INFINITE - 1u)) / 127.0);
    return bitcast<f32>(select(scale, largest, largest >= INFINITE));
}

// The scales of two blocks as a word of halves.
fn halves_of(first: u32, second: u32) -> u32 {
    return packed(vec2f(scale_of(first), scale_of(second)));
}

// Four elements of a block as bytes, rounded to the nearest and halves away from zero. Blocks of less than 1e-29 have a scale of 0.
fn quants_of(four: vec4f, largest: u32) -> u32 {
    if (largest >= INFINITE || largest < 0x10000000u) {
        return 0u;
    }
    let scaled = four * (1.0 / scale_of(largest));
    // The largest number below a half: a sum with a half itself would round up what is a little less.
    let magnitudes = min(floor(abs(scaled) + vec4f(0x1.fffffep-2)), vec4f(127.0));
    let bytes = vec4u(vec4i(select(magnitudes, -magnitudes, scaled < vec4f()))) & vec4u(0xffu);
    return bytes.x | (bytes.y << 8u) | (bytes.z << 16u) | (bytes.w << 24u);
}

// A state has a row for each position.
fn row_of_position(position: u32) -> u32 {
    return position;
}

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
