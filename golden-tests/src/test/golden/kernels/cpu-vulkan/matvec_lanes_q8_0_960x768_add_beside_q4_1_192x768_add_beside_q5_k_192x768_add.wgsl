const GROUP_LANES: u32 = 8u;
const ROWS_0: u32 = 960u;
const COLUMNS: u32 = 768u;
const BLOCKS: u32 = 24u;
const TILES_0: u32 = 120u;
const TILE_TEXELS_0: u32 = 408u;
const GROUPS_0: u32 = 30u;
const ROWS_1: u32 = 192u;
const TILES_1: u32 = 24u;
const TILE_TEXELS_1: u32 = 240u;
const GROUPS_1: u32 = 6u;
const ROWS_2: u32 = 192u;
const TILES_2: u32 = 24u;
const TILE_TEXELS_2: u32 = 264u;
@group(0) @binding(0) var weights_0: texture_storage_2d<rgba32uint, read>;
@group(0) @binding(1) var<uniform> x: array<vec4f, 192>;
@group(0) @binding(2) var<uniform> vector0_0: array<vec4f, 240>;
@group(0) @binding(3) var<storage, read_write> y_0: array<f32>;
@group(0) @binding(4) var weights_1: texture_storage_2d<rgba32uint, read>;
@group(0) @binding(5) var<uniform> vector0_1: array<vec4f, 48>;
@group(0) @binding(6) var<storage, read_write> y_1: array<f32>;
@group(0) @binding(7) var weights_2: texture_storage_2d<rgba32uint, read>;
@group(0) @binding(8) var<uniform> vector0_2: array<vec4f, 48>;
@group(0) @binding(9) var<storage, read_write> y_2: array<f32>;

// binds: vector0_0
fn point_0(index: u32, column: u32, part0: f32) -> f32 {
    return part0 + vector0_0[column / 4u][column % 4u];
}

// A weight in a storage texture of rgba32uint, 4096 texels a row.
// binds: weights_0
fn texel_0(index: u32) -> vec4u {
    return textureLoad(weights_0, vec2u(index & 4095u, index >> 12u));
}

// The input of `dot_block` as it is.
fn prepare_0(own: vec4f, quarter: u32) -> vec4f {
    return own;
}

// q8_0: w = d * q, q a signed byte. A header texel holds d of eight blocks; two texels of quants hold a block in order.
// links: texel_0
const HEADER_0: u32 = 1u;
const QUANTS_0: u32 = 2u;
const CHUNK_0: u32 = 8u;

struct Header_0 {
    scales: vec4u,
}

fn header_0(at: u32) -> Header_0 {
    return Header_0(texel_0(at));
}

fn scale_of_0(head: Header_0, index: u32) -> f32 {
    return unpack2x16float(half_of(head.scales, index)).x;
}

fn bytes_0(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) << vec4u(24u, 16u, 8u, 0u)) >> vec4u(24u));
}

fn load_quants_0(at: u32) -> Block {
    let a = texel_0(at);
    let b = texel_0(at + 8u);
    return Block(bytes_0(a.x), bytes_0(a.y), bytes_0(a.z), bytes_0(a.w), bytes_0(b.x), bytes_0(b.y), bytes_0(b.z), bytes_0(b.w));
}

fn load_block_0(head: Header_0, index: u32, at: u32) -> Block {
    return affine(load_quants_0(at), vec4f(scale_of_0(head, index)), 0.0);
}

fn dot_block_0(head: Header_0, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    return scale_of_0(head, index) * dot_blocks(load_quants_0(at), x);
}

// Four tiles of eight rows, one after another.
// links: point_0
// binds: y_0
const TILES_OF_GROUP_0: u32 = 4u;

fn tile_of_0(group: u32, which: u32) -> u32 {
    return min(group * 4u + which, TILES_0 - 1u);
}

// Four rows of one token, one of each tile; rows that the last tile lacks are not stored.
fn finish_0(token: u32, group: u32, lane: u32, value: vec4f) {
    for (var which = 0u; which < 4u; which++) {
        let row = (group * 4u + which) * 8u + lane;
        if (row < ROWS_0) {
            let index = token * ROWS_0 + row;
            y_0[index] = point_0(index, row, value[which]);
        }
    }
}

// y[row] = sum_k weight[row, k] * x[k], one token: a workgroup is eight lanes side by side, each the owner of one row in each of
// four tiles. Lane q reads elements 4q to 4q + 3 of a block of x and hands them round.
// links: block, texel_0, codec_0, input, reduce, spread, rows_0, finish_0
fn main_0(group_id: vec3u, lane: u32) {
    let group = group_id.x;
    let row0 = tile_of_0(group, 0u) * TILE_TEXELS_0 + lane;
    let row1 = tile_of_0(group, 1u) * TILE_TEXELS_0 + lane;
    let row2 = tile_of_0(group, 2u) * TILE_TEXELS_0 + lane;
    let row3 = tile_of_0(group, 3u) * TILE_TEXELS_0 + lane;
    var sums = vec4f();
    var squares = 0.0;
    var at = 0u;
    for (var first = 0u; first < BLOCKS; first += CHUNK_0) {
        let head0 = header_0(row0 + at);
        let head1 = header_0(row1 + at);
        let head2 = header_0(row2 + at);
        let head3 = header_0(row3 + at);
        at += 8u * HEADER_0;
        let count = min(CHUNK_0, BLOCKS - first);
        for (var index = 0u; index < count; index++) {
            let quarter = (first + index) * 8u + lane;
            let own = input(0u, quarter);
            squares += dot(own, own);
            let scaled_0 = gained(own, quarter);
            let sum = sum_of_lanes(dot(scaled_0, vec4f(1.0)));
            let elements = spread(prepare_0(scaled_0, lane));
            sums += vec4f(
                dot_block_0(head0, index, row0 + at, elements, sum),
                dot_block_0(head1, index, row1 + at, elements, sum),
                dot_block_0(head2, index, row2 + at, elements, sum),
                dot_block_0(head3, index, row3 + at, elements, sum));
            at += 8u * QUANTS_0;
        }
    }
    finish_0(0u, group, lane, sums * normalise(sum_of_lanes(squares)));
}

// binds: vector0_1
fn point_1(index: u32, column: u32, part0: f32) -> f32 {
    return part0 + vector0_1[column / 4u][column % 4u];
}

// A weight in a storage texture of rgba32uint, 4096 texels a row.
// binds: weights_1
fn texel_1(index: u32) -> vec4u {
    return textureLoad(weights_1, vec2u(index & 4095u, index >> 12u));
}

// Quants of four bits: a texel holds a block, element i in the low nibble of byte i, element 16 + i in its high nibble.
//
// A nibble is not shifted down: masked in place it is q * 16^p for position p, and `prepare` has divided x by 16^p. Powers of two
// are exact. Only the topmost nibble is shifted, since its sign bit would not survive the conversion.
// links: texel_1
const QUANTS_1: u32 = 1u;
const LOW_SCALE_1 = vec4f(1.0, 0x1p-8, 0x1p-16, 0x1p-24);
const HIGH_SCALE_1 = vec4f(0x1p-4, 0x1p-12, 0x1p-20, 1.0);

fn low_nibbles_1(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) & vec4u(0xfu, 0xf00u, 0xf0000u, 0xf000000u)));
}

fn high_nibbles_1(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(vec3u(word) & vec3u(0xf0u, 0xf000u, 0xf00000u), word >> 28u)));
}

// The quants of a block, each times the power of 16 that its place gives it.
fn load_quants_1(at: u32) -> Block {
    let q = texel_1(at);
    return Block(
        low_nibbles_1(q.x), low_nibbles_1(q.y), low_nibbles_1(q.z), low_nibbles_1(q.w),
        high_nibbles_1(q.x), high_nibbles_1(q.y), high_nibbles_1(q.z), high_nibbles_1(q.w));
}

// The sum of q * x, of x as `prepare` gives it.
fn dot_quants_1(at: u32, x: Block, sum: f32) -> f32 {
    return dot_blocks(load_quants_1(at), x);
}

// d * q + m for quants as `load_quants` gives them.
fn scaled_1(q: Block, d: f32, m: f32) -> Block {
    let low = LOW_SCALE_1 * d;
    let high = HIGH_SCALE_1 * d;
    let term = vec4f(m);
    return Block(
        fma(q.e0, low, term), fma(q.e1, low, term), fma(q.e2, low, term), fma(q.e3, low, term),
        fma(q.e4, high, term), fma(q.e5, high, term), fma(q.e6, high, term), fma(q.e7, high, term));
}

// Elements 4 * quarter to 4 * quarter + 3 of x, divided by the powers of 16 of the quants that they meet.
fn prepare_1(own: vec4f, quarter: u32) -> vec4f {
    return own * select(HIGH_SCALE_1, LOW_SCALE_1, quarter < 4u);
}

// q4_1: w = d * q + m. A header texel holds (d, m) of four blocks.
// links: texel_1, nibbles_1
const HEADER_1: u32 = 1u;
const CHUNK_1: u32 = 4u;

struct Header_1 {
    scales: vec4u,
}

fn header_1(at: u32) -> Header_1 {
    return Header_1(texel_1(at));
}

fn load_block_1(head: Header_1, index: u32, at: u32) -> Block {
    let scale = unpack2x16float(word_of(head.scales, index));
    return scaled_1(load_quants_1(at), scale.x, scale.y);
}

fn dot_block_1(head: Header_1, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = unpack2x16float(word_of(head.scales, index));
    return scale.x * dot_quants_1(at, x, sum) + scale.y * sum;
}

// Four tiles of eight rows, one after another.
// links: point_1
// binds: y_1
const TILES_OF_GROUP_1: u32 = 4u;

fn tile_of_1(group: u32, which: u32) -> u32 {
    return min(group * 4u + which, TILES_1 - 1u);
}

// Four rows of one token, one of each tile; rows that the last tile lacks are not stored.
fn finish_1(token: u32, group: u32, lane: u32, value: vec4f) {
    for (var which = 0u; which < 4u; which++) {
        let row = (group * 4u + which) * 8u + lane;
        if (row < ROWS_1) {
            let index = token * ROWS_1 + row;
            y_1[index] = point_1(index, row, value[which]);
        }
    }
}

// y[row] = sum_k weight[row, k] * x[k], one token: a workgroup is eight lanes side by side, each the owner of one row in each of
// four tiles. Lane q reads elements 4q to 4q + 3 of a block of x and hands them round.
// links: block, texel_1, codec_1, input, reduce, spread, rows_1, finish_1
fn main_1(group_id: vec3u, lane: u32) {
    let group = group_id.x;
    let row0 = tile_of_1(group, 0u) * TILE_TEXELS_1 + lane;
    let row1 = tile_of_1(group, 1u) * TILE_TEXELS_1 + lane;
    let row2 = tile_of_1(group, 2u) * TILE_TEXELS_1 + lane;
    let row3 = tile_of_1(group, 3u) * TILE_TEXELS_1 + lane;
    var sums = vec4f();
    var squares = 0.0;
    var at = 0u;
    for (var first = 0u; first < BLOCKS; first += CHUNK_1) {
        let head0 = header_1(row0 + at);
        let head1 = header_1(row1 + at);
        let head2 = header_1(row2 + at);
        let head3 = header_1(row3 + at);
        at += 8u * HEADER_1;
        let count = min(CHUNK_1, BLOCKS - first);
        for (var index = 0u; index < count; index++) {
            let quarter = (first + index) * 8u + lane;
            let own = input(0u, quarter);
            squares += dot(own, own);
            let scaled_1 = gained(own, quarter);
            let sum = sum_of_lanes(dot(scaled_1, vec4f(1.0)));
            let elements = spread(prepare_1(scaled_1, lane));
            sums += vec4f(
                dot_block_1(head0, index, row0 + at, elements, sum),
                dot_block_1(head1, index, row1 + at, elements, sum),
                dot_block_1(head2, index, row2 + at, elements, sum),
                dot_block_1(head3, index, row3 + at, elements, sum));
            at += 8u * QUANTS_1;
        }
    }
    finish_1(0u, group, lane, sums * normalise(sum_of_lanes(squares)));
}

// binds: vector0_2
fn point_2(index: u32, column: u32, part0: f32) -> f32 {
    return part0 + vector0_2[column / 4u][column % 4u];
}

// A weight in a storage texture of rgba32uint, 4096 texels a row.
// binds: weights_2
fn texel_2(index: u32) -> vec4u {
    return textureLoad(weights_2, vec2u(index & 4095u, index >> 12u));
}

// Quants of up to seven bits, one in each byte of a word.
//
// A byte is not shifted down: masked in place it is q * 256^p for place p, and `prepare` has divided x by 256^p. Powers of two are
// exact.
// links: affine
const PLACES_2 = vec4f(1.0, 0x1p-8, 0x1p-16, 0x1p-24);

fn bytes_2(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) & vec4u(0x7fu, 0x7f00u, 0x7f0000u, 0x7f000000u)));
}

// d * q + m for quants as `bytes` gives them.
fn scaled_2(q: Block, d: f32, m: f32) -> Block {
    return affine(q, PLACES_2 * d, m);
}

fn prepare_2(own: vec4f, quarter: u32) -> vec4f {
    return own * PLACES_2;
}

// Quants of five bits: a texel holds the lower four bits of a block, element i in the low nibble of byte i, element 16 + i in its
// high nibble; a word of the header holds the fifth bits, bit p of byte k for element 4p + k.
// links: texel_2, bytes_2
const QUANTS_2: u32 = 1u;

// Elements 4 * part to 4 * part + 3, of which `word` has the low nibbles of its bytes.
fn five_bits_2(word: u32, fifth: u32, part: u32) -> vec4f {
    return bytes_2((word & 0x0f0f0f0fu) | (((fifth >> part) & 0x01010101u) << 4u));
}

fn load_quants_2(at: u32, fifth: u32) -> Block {
    let low = texel_2(at);
    let high = low >> vec4u(4u);
    return Block(
        five_bits_2(low.x, fifth, 0u), five_bits_2(low.y, fifth, 1u),
        five_bits_2(low.z, fifth, 2u), five_bits_2(low.w, fifth, 3u),
        five_bits_2(high.x, fifth, 4u), five_bits_2(high.y, fifth, 5u),
        five_bits_2(high.z, fifth, 6u), five_bits_2(high.w, fifth, 7u));
}

// Scales and minima of six bits for the eight blocks of a superblock. A header texel: d and dmin as halves; then bytes s0 to s3,
// m0 to m3 and t0 to t3. Of blocks j below 4, the scale is the lower six bits of s_j, the minimum those of m_j. Of block 4 + j, the
// lower four bits of the scale are the low nibble of t_j, those of the minimum its high nibble; the upper two bits are those of
// s_j and m_j.

// (d * scale, -dmin * minimum) of block `index`.
fn six_bit_scales_2(words: vec4u, index: u32) -> vec2f {
    let bytes_of = words.yzw >> vec3u(8u * (index & 3u));
    let first = bytes_of.xy & vec2u(0x3fu);
    let later = ((vec2u(bytes_of.z) >> vec2u(0u, 4u)) & vec2u(0xfu)) | ((bytes_of.xy >> vec2u(2u)) & vec2u(0x30u));
    return unpack2x16float(words.x) * vec2f(vec2i(select(first, later, index >= 4u))) * vec2f(1.0, -1.0);
}

// q5_k: w = d * scale * q - dmin * minimum, with six bits of scale and minimum for each block. Of the three header texels the first
// holds those of the eight blocks of a superblock, the others their words of fifth bits.
// links: texel_2, fives_2, six_bit_scales_2
const HEADER_2: u32 = 3u;
const CHUNK_2: u32 = 8u;

struct Header_2 {
    scales: vec4u,
    fifth_low: vec4u,
    fifth_high: vec4u,
}

fn header_2(at: u32) -> Header_2 {
    return Header_2(texel_2(at), texel_2(at + 8u), texel_2(at + 16u));
}

fn fifth_of_2(head: Header_2, index: u32) -> u32 {
    return select(word_of(head.fifth_low, index), word_of(head.fifth_high, index), index >= 4u);
}

fn load_block_2(head: Header_2, index: u32, at: u32) -> Block {
    let scale = six_bit_scales_2(head.scales, index);
    return scaled_2(load_quants_2(at, fifth_of_2(head, index)), scale.x, scale.y);
}

fn dot_block_2(head: Header_2, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = six_bit_scales_2(head.scales, index);
    return scale.x * dot_blocks(load_quants_2(at, fifth_of_2(head, index)), x) + scale.y * sum;
}

// Four tiles of eight rows, one after another.
// links: point_2
// binds: y_2
const TILES_OF_GROUP_2: u32 = 4u;

fn tile_of_2(group: u32, which: u32) -> u32 {
    return min(group * 4u + which, TILES_2 - 1u);
}

// Four rows of one token, one of each tile; rows that the last tile lacks are not stored.
fn finish_2(token: u32, group: u32, lane: u32, value: vec4f) {
    for (var which = 0u; which < 4u; which++) {
        let row = (group * 4u + which) * 8u + lane;
        if (row < ROWS_2) {
            let index = token * ROWS_2 + row;
            y_2[index] = point_2(index, row, value[which]);
        }
    }
}

// y[row] = sum_k weight[row, k] * x[k], one token: a workgroup is eight lanes side by side, each the owner of one row in each of
// four tiles. Lane q reads elements 4q to 4q + 3 of a block of x and hands them round.
// links: block, texel_2, codec_2, input, reduce, spread, rows_2, finish_2
fn main_2(group_id: vec3u, lane: u32) {
    let group = group_id.x;
    let row0 = tile_of_2(group, 0u) * TILE_TEXELS_2 + lane;
    let row1 = tile_of_2(group, 1u) * TILE_TEXELS_2 + lane;
    let row2 = tile_of_2(group, 2u) * TILE_TEXELS_2 + lane;
    let row3 = tile_of_2(group, 3u) * TILE_TEXELS_2 + lane;
    var sums = vec4f();
    var squares = 0.0;
    var at = 0u;
    for (var first = 0u; first < BLOCKS; first += CHUNK_2) {
        let head0 = header_2(row0 + at);
        let head1 = header_2(row1 + at);
        let head2 = header_2(row2 + at);
        let head3 = header_2(row3 + at);
        at += 8u * HEADER_2;
        let count = min(CHUNK_2, BLOCKS - first);
        for (var index = 0u; index < count; index++) {
            let quarter = (first + index) * 8u + lane;
            let own = input(0u, quarter);
            squares += dot(own, own);
            let scaled_2 = gained(own, quarter);
            let sum = sum_of_lanes(dot(scaled_2, vec4f(1.0)));
            let elements = spread(prepare_2(scaled_2, lane));
            sums += vec4f(
                dot_block_2(head0, index, row0 + at, elements, sum),
                dot_block_2(head1, index, row1 + at, elements, sum),
                dot_block_2(head2, index, row2 + at, elements, sum),
                dot_block_2(head3, index, row3 + at, elements, sum));
            at += 8u * QUANTS_2;
        }
    }
    finish_2(0u, group, lane, sums * normalise(sum_of_lanes(squares)));
}

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

// The input of a matrix kernel as it is.
// binds: x
fn input(token: u32, index: u32) -> vec4f {
    if (COLUMNS % 32u != 0u && index >= COLUMNS / 4u) {
        return vec4f();
    }
    return x[token * (COLUMNS / 4u) + index];
}

fn gained(own: vec4f, index: u32) -> vec4f {
    return own;
}

fn normalise(squares: f32) -> f32 {
    return 1.0;
}

// Eight neighbouring lanes of a subgroup work as one. Their number is the workgroup's size, so any subgroup of at least eight
// lanes serves.
fn sum_of_lanes(value: f32) -> f32 {
    let a = value + subgroupShuffleXor(value, 1u);
    let b = a + subgroupShuffleXor(a, 2u);
    return b + subgroupShuffleXor(b, 4u);
}

fn max_of_lanes(value: f32) -> f32 {
    let a = max(value, subgroupShuffleXor(value, 1u));
    let b = max(a, subgroupShuffleXor(a, 2u));
    return max(b, subgroupShuffleXor(b, 4u));
}

// links: block
// Lane q holds elements 4q to 4q + 3 of a block; afterwards every lane holds them all.
fn spread(own: vec4f) -> Block {
    return Block(
        subgroupBroadcast(own, 0u), subgroupBroadcast(own, 1u), subgroupBroadcast(own, 2u), subgroupBroadcast(own, 3u),
        subgroupBroadcast(own, 4u), subgroupBroadcast(own, 5u), subgroupBroadcast(own, 6u), subgroupBroadcast(own, 7u));
}

// A workgroup begins with its kernel.
fn begin(group: u32, lane: u32) {}

// Three kernels side by side: the first workgroups along x run the first, those behind them the second, the others the third.
// links: begin, main_0, main_1, main_2
@compute @workgroup_size(GROUP_LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    begin(group_id.x, lane);
    if (group_id.x < GROUPS_0) {
        main_0(group_id, lane);
    } else if (group_id.x < GROUPS_0 + GROUPS_1) {
        main_1(vec3u(group_id.x - GROUPS_0, group_id.yz), lane);
    } else {
        main_2(vec3u(group_id.x - GROUPS_0 - GROUPS_1, group_id.yz), lane);
    }
}
