const ROWS: u32 = 1000u;
const COLUMNS: u32 = 4096u;
const BLOCKS: u32 = 128u;
const TILES: u32 = 125u;
const TILE_TEXELS: u32 = 2176u;
const LANES: u32 = 4u;
const FIRST: u32 = 3096u;
const WHOLE: u32 = 4096u;
@group(0) @binding(0) var weights: texture_2d<u32>;
@group(0) @binding(1) var<storage, read> tokens: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

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

// A weight in a sampled texture of rgba32uint, 4096 texels a row.
// binds: weights
fn texel(index: u32) -> vec4u {
    return textureLoad(weights, vec2u(index & 4095u, index >> 12u), 0);
}

// A texel whose coordinates are found once for those shortly behind it: drivers without shifts by vectors pay for every shift.
struct Anchor {
    index: u32,
    column: u32,
    line: u32,
}

fn anchor_at(index: u32) -> Anchor {
    return Anchor(index, index & 4095u, index >> 12u);
}

// The texel so many behind the anchor, fewer than 4096.
fn texel_behind(anchor: Anchor, offset: u32) -> vec4u {
    let column = anchor.column + offset;
    let beyond = column > 4095u;
    let at = vec2u(select(column, column - 4096u, beyond), select(anchor.line, anchor.line + 1u, beyond));
    return textureLoad(weights, at, 0);
}

// The input of `dot_block` as it is.
fn prepare(own: vec4f, quarter: u32) -> vec4f {
    return own;
}

// q8_0: w = d * q, q a signed byte. A header texel holds d of eight blocks; two texels of quants hold a block in order.
// links: texel
const HEADER: u32 = 1u;
const QUANTS: u32 = 2u;
const CHUNK: u32 = 8u;

struct Header {
    scales: vec4u,
}

fn header(at: u32) -> Header {
    return Header(texel(at));
}

fn scale_of(head: Header, index: u32) -> f32 {
    return unpack2x16float(half_of(head.scales, index)).x;
}

fn bytes(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) << vec4u(24u, 16u, 8u, 0u)) >> vec4u(24u));
}

fn load_quants(at: u32) -> Block {
    let a = texel(at);
    let b = texel(at + 8u);
    return Block(bytes(a.x), bytes(a.y), bytes(a.z), bytes(a.w), bytes(b.x), bytes(b.y), bytes(b.z), bytes(b.w));
}

fn load_block(head: Header, index: u32, at: u32) -> Block {
    return affine(load_quants(at), vec4f(scale_of(head, index)), 0.0);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    return scale_of(head, index) * dot_blocks(load_quants(at), x);
}

// y[i, :] = table[tokens[i] - FIRST, :], decoded, for tokens from FIRST on that are rows of this slice of a table of WHOLE; the
// rows of other tokens are left as they are. A workgroup is a token, a lane every LANESth block of its row. A token outside of
// the whole table reads its last row.
// links: block, texel, codec
// binds: weights, tokens, y
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let token = group_id.x;
    let asked = min(tokens[token], WHOLE - 1u);
    if (asked < FIRST || asked - FIRST >= ROWS) {
        return;
    }
    let row = asked - FIRST;
    let base = (row >> 3u) * TILE_TEXELS + (row & 7u);
    for (var block = lane; block < BLOCKS; block += LANES) {
        let chunk = block / CHUNK;
        let index = block - chunk * CHUNK;
        let head = base + 8u * chunk * (HEADER + CHUNK * QUANTS);
        let elements = load_block(header(head), index, head + 8u * (HEADER + index * QUANTS));
        let at = block * 8u;
        store(token, at, elements.e0);
        store(token, at + 1u, elements.e1);
        store(token, at + 2u, elements.e2);
        store(token, at + 3u, elements.e3);
        store(token, at + 4u, elements.e4);
        store(token, at + 5u, elements.e5);
        store(token, at + 6u, elements.e6);
        store(token, at + 7u, elements.e7);
    }
}

fn store(token: u32, index: u32, value: vec4f) {
    if (index < COLUMNS / 4u) {
        y[token * (COLUMNS / 4u) + index] = value;
    }
}
