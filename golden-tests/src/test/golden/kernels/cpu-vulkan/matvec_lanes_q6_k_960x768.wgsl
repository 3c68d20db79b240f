const ROWS: u32 = 960u;
const COLUMNS: u32 = 768u;
const BLOCKS: u32 = 24u;
const TILES: u32 = 120u;
const TILE_TEXELS: u32 = 336u;
@group(0) @binding(0) var weights: texture_storage_2d<rgba32uint, read>;
@group(0) @binding(1) var<uniform> x: array<vec4f, 192>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

fn point(index: u32, column: u32, part0: f32) -> f32 {
    return part0;
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

// A weight in a storage texture of rgba32uint, 4096 texels a row.
// binds: weights
fn texel(index: u32) -> vec4u {
    return textureLoad(weights, vec2u(index & 4095u, index >> 12u));
}

// Quants of up to seven bits, one in each byte of a word.
//
// A byte is not shifted down: masked in place it is q * 256^p for place p, and `prepare` has divided x by 256^p. Powers of two are
// exact.
// links: affine
const PLACES = vec4f(1.0, 0x1p-8, 0x1p-16, 0x1p-24);

fn bytes(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) & vec4u(0x7fu, 0x7f00u, 0x7f0000u, 0x7f000000u)));
}

// The sum of q * x for quants as `bytes` gives them, of x as `prepare` gives it.
fn dot_bytes(q: Block, x: Block, sum: f32) -> f32 {
    return dot_blocks(q, x);
}

// d * q + m for quants as `bytes` gives them.
fn scaled(q: Block, d: f32, m: f32) -> Block {
    return affine(q, PLACES * d, m);
}

fn prepare(own: vec4f, quarter: u32) -> vec4f {
    return own * PLACES;
}

// Bits of elements in pairs, in the texels of a header.

// Two bits of each of sixteen elements: bits 2 * part and the next of byte k of a word belong to element 4 * part + k.
fn two_bits(word: u32, part: u32) -> u32 {
    return (word >> (2u * part)) & 0x03030303u;
}

// Two of the four words of a texel: those of block `index`, two blocks to a texel.
fn pair_of(words: vec4u, index: u32) -> vec2u {
    return select(words.xy, words.zw, (index & 1u) != 0u);
}

// Scales for sixteen elements, two in a block: the first for e0 to e3, the second for e4 to e7.
// links: bytes

// d * q + m.
fn scaled_sixteens(q: Block, d: vec2f, m: vec2f) -> Block {
    let a = PLACES * d.x;
    let b = PLACES * d.y;
    let c = vec4f(m.x);
    let e = vec4f(m.y);
    return Block(
        fma(q.e0, a, c), fma(q.e1, a, c), fma(q.e2, a, c), fma(q.e3, a, c),
        fma(q.e4, b, e), fma(q.e5, b, e), fma(q.e6, b, e), fma(q.e7, b, e));
}

// The sum of d * q * x; `sums` are those of x over the two halves.
fn dot_sixteens(q: Block, x: Block, d: vec2f, sums: vec2f) -> f32 {
    let low = fma(q.e3, x.e3, fma(q.e2, x.e2, fma(q.e1, x.e1, q.e0 * x.e0)));
    let high = fma(q.e7, x.e7, fma(q.e6, x.e6, fma(q.e5, x.e5, q.e4 * x.e4)));
    let sum = fma(high, vec4f(d.y), low * d.x);
    return (sum.x + sum.y) + (sum.z + sum.w);
}

// The sums of x, which `prepare` has divided, over the two halves; `sum` is that over both.
fn sums_of_sixteens(x: Block, sum: f32) -> vec2f {
    let places = ((x.e0 + x.e1) + (x.e2 + x.e3)) * vec4f(1.0, 0x1p8, 0x1p16, 0x1p24);
    let low = (places.x + places.y) + (places.z + places.w);
    return vec2f(low, sum - low);
}

// q6_k: w = d * scale * (q - 32), with a signed byte of scale for sixteen elements. Of the six header texels the first holds the
// sixteen scales of a superblock, the second d, each of the others the upper two bits of two blocks, two words a block. A texel of
// quants holds the lower four bits, element i in the low nibble of byte i, element 16 + i in its high nibble.
//
// Per superblock 14 bytes, those behind d, are padding.
// links: texel, bytes, two_bits, sixteens
const HEADER: u32 = 6u;
const QUANTS: u32 = 1u;
const CHUNK: u32 = 8u;

struct Header {
    scales: vec4u,
    d: f32,
}

fn header(at: u32) -> Header {
    return Header(texel(at), unpack2x16float(texel(at + 8u).x).x);
}

// d * scale of the two halves of a block.
fn scales_of(head: Header, index: u32) -> vec2f {
    let pair = vec2i(vec2u(half_of(head.scales, index)) << vec2u(24u, 16u)) >> vec2u(24u);
    return head.d * vec2f(pair);
}

fn six_bits(word: u32, upper: u32, part: u32) -> vec4f {
    return bytes((word & 0x0f0f0f0fu) | (two_bits(upper, part) << 4u));
}

fn load_quants(index: u32, at: u32) -> Block {
    let low = texel(at);
    let high = low >> vec4u(4u);
    let upper = pair_of(texel(at - 8u * (4u + index - index / 2u)), index);
    return Block(
        six_bits(low.x, upper.x, 0u), six_bits(low.y, upper.x, 1u),
        six_bits(low.z, upper.x, 2u), six_bits(low.w, upper.x, 3u),
        six_bits(high.x, upper.y, 0u), six_bits(high.y, upper.y, 1u),
        six_bits(high.z, upper.y, 2u), six_bits(high.w, upper.y, 3u));
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    let scale = scales_of(head, index);
    return scaled_sixteens(load_quants(index, at), scale, -32.0 * scale);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    let scale = scales_of(head, index);
    let sums = sums_of_sixteens(x, sum);
    return dot_sixteens(load_quants(index, at), x, scale, sums) - 32.0 * dot(scale, sums);
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

// Four tiles of eight rows, one after another.
// links: point
// binds: y
const TILES_OF_GROUP: u32 = 4u;

fn tile_of(group: u32, which: u32) -> u32 {
    return min(group * 4u + which, TILES - 1u);
}

// Four rows of one token, one of each tile; rows that the last tile lacks are not stored.
fn finish(token: u32, group: u32, lane: u32, value: vec4f) {
    for (var which = 0u; which < 4u; which++) {
        let row = (group * 4u + which) * 8u + lane;
        if (row < ROWS) {
            let index = token * ROWS + row;
            y[index] = point(index, row, value[which]);
        }
    }
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

// y[row] = sum_k weight[row, k] * x[k], one token: a workgroup is eight lanes side by side, each the owner of one row in each of
// four tiles. Lane q reads elements 4q to 4q + 3 of a block of x and hands them round.
// links: block, texel, codec, input, reduce, spread, rows, finish
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let group = group_id.x;
    let row0 = tile_of(group, 0u) * TILE_TEXELS + lane;
    let row1 = tile_of(group, 1u) * TILE_TEXELS + lane;
    let row2 = tile_of(group, 2u) * TILE_TEXELS + lane;
    let row3 = tile_of(group, 3u) * TILE_TEXELS + lane;
    var sums = vec4f();
    var squares = 0.0;
    var at = 0u;
    for (var first = 0u; first < BLOCKS; first += CHUNK) {
        let head0 = header(row0 + at);
        let head1 = header(row1 + at);
        let head2 = header(row2 + at);
        let head3 = header(row3 + at);
        at += 8u * HEADER;
        let count = min(CHUNK, BLOCKS - first);
        for (var index = 0u; index < count; index++) {
            let quarter = (first + index) * 8u + lane;
            let own = input(0u, quarter);
            squares += dot(own, own);
            let scaled = gained(own, quarter);
            let sum = sum_of_lanes(dot(scaled, vec4f(1.0)));
            let elements = spread(prepare(scaled, lane));
            sums += vec4f(
                dot_block(head0, index, row0 + at, elements, sum),
                dot_block(head1, index, row1 + at, elements, sum),
                dot_block(head2, index, row2 + at, elements, sum),
                dot_block(head3, index, row3 + at, elements, sum));
            at += 8u * QUANTS;
        }
    }
    finish(0u, group, lane, sums * normalise(sum_of_lanes(squares)));
}
