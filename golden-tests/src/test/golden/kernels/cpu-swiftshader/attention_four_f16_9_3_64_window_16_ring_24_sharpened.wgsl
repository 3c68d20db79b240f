const HEADS: u32 = 9u;
const KEY_VALUE_HEADS: u32 = 3u;
const GROUP: u32 = 3u;
const HEAD_SIZE: u32 = 64u;
const SCALE: f32 = 0.125f;
const WINDOW: u32 = 16u;
const RING: u32 = 24u;
const INTERVAL: u32 = 8192u;
const STRENGTH: f32 = 0.1f;
@group(0) @binding(0) var<storage, read_write> query: array<f32>;
@group(0) @binding(1) var<storage, read> keys: array<u32>;
@group(0) @binding(2) var<storage, read> values: array<u32>;
@group(0) @binding(3) var<storage, read> position: array<u32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

// A row sees the last WINDOW positions, its own among them.
fn first_seen(count: u32) -> u32 {
    return max(count, WINDOW) - WINDOW;
}

// Scores as they are.
fn capped(score: Score) -> Score {
    return score;
}

// Scores grow with the position of the row: by one step more every INTERVAL positions, by less from step to step.
fn scale_at(position: u32) -> f32 {
    return SCALE * (1.0 + STRENGTH * log(f32(1u + position / INTERVAL)));
}

// A state has rows for the last RING positions.
fn row_of_position(position: u32) -> u32 {
    return position % RING;
}

// Keys as halves, four elements of a row at a time, counted in pairs; values two at a time.
// links: positions
// binds: keys, values
fn row_of(position: u32) -> u32 {
    return row_of_position(position) * (KEY_VALUE_HEADS * HEAD_SIZE / 2u);
}

fn key_four(row: u32, index: u32) -> vec4f {
    return vec4f(unpack2x16float(keys[row + index]), unpack2x16float(keys[row + index + 1u]));
}

fn value_pair(row: u32, index: u32) -> vec2f {
    return unpack2x16float(values[row + index]);
}

// Three query heads that read the same keys, as one value.
// binds: query, y
alias Heads = vec3f;
alias HeadRows = vec3u;

const TOGETHER: u32 = 3u;

// Heads one after another; the last stands for those behind it.
fn heads_from(first: u32, last: u32) -> HeadRows {
    return min(HeadRows(first, first + 1u, first + 2u), HeadRows(last));
}

fn queries(rows: HeadRows, at: u32) -> Heads {
    return Heads(query[rows.x + at], query[rows.y + at], query[rows.z + at]);
}

fn attended(rows: HeadRows, at: u32, value: Heads) {
    y[rows.x + at] = value.x;
    y[rows.y + at] = value.y;
    y[rows.z + at] = value.z;
}

// Causal attention of some query heads that share their keys (x of the grid) and one token (y): four lanes of one subgroup take sixteen
// positions at a time. Each lane scores four of them, the queries being handed round; then each sums its pairs of elements over all
// sixteen. The softmax is online: with m the largest score so far, every sum is kept relative to exp(m). Positions behind the last read
// the last, and count nothing.
// links: heads, state, seen, cap, scale
// binds: position
alias Score = Heads;

const WORDS: u32 = HEAD_SIZE / 2u;
const OWN: u32 = WORDS / 4u;
const PARTS: u32 = (GROUP + TOGETHER - 1u) / TOGETHER;

// What the four lanes hold of something, or one lane of four positions.
struct Four {
    a: Heads,
    b: Heads,
    c: Heads,
    d: Heads,
}

// Two neighbouring elements of the sums.
struct Pair {
    even: Heads,
    odd: Heads,
}

fn shared_among_lanes(own: Heads) -> Four {
    return Four(
        subgroupBroadcast(own, 0u), subgroupBroadcast(own, 1u), subgroupBroadcast(own, 2u), subgroupBroadcast(own, 3u));
}

// Where the rows of four positions begin.
fn rows_of(positions: vec4u) -> vec4u {
    return vec4u(row_of(positions.x), row_of(positions.y), row_of(positions.z), row_of(positions.w));
}

// Adds four elements' part to the scores of the position with that row.
fn scored(score: Heads, q: Four, row: u32, word: u32) -> Heads {
    let key = key_four(row, word);
    let first = fma(q.b, Heads(key.y), fma(q.a, Heads(key.x), score));
    return fma(q.d, Heads(key.w), fma(q.c, Heads(key.z), first));
}

fn weighted(sum: Pair, weight: Heads, row: u32, word: u32) -> Pair {
    let value = value_pair(row, word);
    return Pair(fma(weight, Heads(value.x), sum.even), fma(weight, Heads(value.y), sum.odd));
}

// Adds four positions' values of one word.
fn weighted_four(sum: Pair, weights: Four, rows: vec4u, word: u32) -> Pair {
    let a = weighted(sum, weights.a, rows.x, word);
    let b = weighted(a, weights.b, rows.y, word);
    let c = weighted(b, weights.c, rows.z, word);
    return weighted(c, weights.d, rows.w, word);
}

fn where_known(score: Heads, scale: f32, known: bool) -> Heads {
    return select(Heads(-3.0e38), capped(score * scale), known);
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let shared_head = group_id.x / PARTS;
    let token = group_id.y;
    let first_head = shared_head * GROUP + (group_id.x - shared_head * PARTS) * TOGETHER;
    let heads = heads_from(first_head, shared_head * GROUP + GROUP - 1u);
    let head_rows = (HeadRows(token * HEADS) + heads) * HEAD_SIZE;
    let head_word = shared_head * WORDS;
    let count = position[0] + token + 1u;
    let begin = first_seen(count);
    let scale = scale_at(count - 1u);
    let chunks = (count - begin + 15u) / 16u;
    let last = vec4u(count - 1u);
    let places = vec4u(0u, 1u, 2u, 3u);
    var sums: array<Pair, OWN>;
    var largest = Heads(-3.0e38);
    var total = Heads();
    for (var chunk = 0u; chunk < chunks; chunk++) {
        let first = begin + 16u * chunk;
        let own = vec4u(first + lane) + 4u * places;
        let key_rows = rows_of(min(own, last));
        var scores = Four();
        for (var pair = 0u; pair < WORDS / 2u; pair++) {
            let word = 2u * pair;
            let key_word = head_word + word;
            let q = shared_among_lanes(queries(head_rows, 2u * word + lane));
            scores = Four(
                scored(scores.a, q, key_rows.x, key_word), scored(scores.b, q, key_rows.y, key_word),
                scored(scores.c, q, key_rows.z, key_word), scored(scores.d, q, key_rows.w, key_word));
        }
        let known = own <= last;
        let a = where_known(scores.a, scale, known.x);
        let b = where_known(scores.b, scale, known.y);
        let c = where_known(scores.c, scale, known.z);
        let d = where_known(scores.d, scale, known.w);
        let new_largest = max(largest, subgroupMax(max(max(a, b), max(c, d))));
        let keep = exp(largest - new_largest);
        largest = new_largest;
        let weights = Four(exp(a - largest), exp(b - largest), exp(c - largest), exp(d - largest));
        total = total * keep + subgroupAdd((weights.a + weights.b) + (weights.c + weights.d));
        let weights0 = shared_among_lanes(weights.a);
        let weights1 = shared_among_lanes(weights.b);
        let weights2 = shared_among_lanes(weights.c);
        let weights3 = shared_among_lanes(weights.d);
        let rows0 = rows_of(min(vec4u(first) + places, last));
        let rows1 = rows_of(min(vec4u(first + 4u) + places, last));
        let rows2 = rows_of(min(vec4u(first + 8u) + places, last));
        let rows3 = rows_of(min(vec4u(first + 12u) + places, last));
        for (var unit = 0u; unit < OWN; unit++) {
            let word = head_word + unit * 4u + lane;
            let kept = Pair(sums[unit].even * keep, sums[unit].odd * keep);
            let e = weighted_four(kept, weights0, rows0, word);
            let f = weighted_four(e, weights1, rows1, word);
            let g = weighted_four(f, weights2, rows2, word);
            sums[unit] = weighted_four(g, weights3, rows3, word);
        }
    }
    for (var unit = 0u; unit < OWN; unit++) {
        let at = 2u * (unit * 4u + lane);
        attended(head_rows, at, sums[unit].even / total);
        attended(head_rows, at + 1u, sums[unit].odd / total);
    }
}
