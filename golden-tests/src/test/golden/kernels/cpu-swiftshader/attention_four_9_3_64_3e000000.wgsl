const HEADS: u32 = 9u;
const KEY_VALUE_HEADS: u32 = 3u;
const GROUP: u32 = 3u;
const HEAD_SIZE: u32 = 64u;
const SCALE: f32 = 0.125f;
@group(0) @binding(0) var<storage, read_write> query: array<f32>;
@group(0) @binding(1) var<storage, read> keys: array<u32>;
@group(0) @binding(2) var<storage, read> values: array<u32>;
@group(0) @binding(3) var<storage, read> position: array<u32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

// Causal attention of one query head (x of the grid) and one token (y): four lanes of one subgroup take sixteen positions at a time.
// Each lane scores four of them, the query being handed round; then each sums its pairs of elements over all sixteen. The softmax is
// online: with m the largest score so far, every sum is kept relative to exp(m). Positions behind the last read the last, and count
// nothing.
// binds: query, keys, values, position, y
const WORDS: u32 = HEAD_SIZE / 2u;
const OWN: u32 = WORDS / 4u;

fn shared_among_lanes(own: f32) -> vec4f {
    return vec4f(
        subgroupBroadcast(own, 0u), subgroupBroadcast(own, 1u), subgroupBroadcast(own, 2u), subgroupBroadcast(own, 3u));
}

// Where the rows of four positions begin.
fn rows_of(positions: vec4u, shared_head: u32) -> vec4u {
    return (positions * KEY_VALUE_HEADS + vec4u(shared_head)) * WORDS;
}

fn score(q: vec4f, at: u32) -> f32 {
    return dot(q, vec4f(unpack2x16float(keys[at]), unpack2x16float(keys[at + 1u])));
}

fn weighted(sum: vec2f, weights: vec4f, rows: vec4u, word: u32) -> vec2f {
    let a = fma(vec2f(weights.x), unpack2x16float(values[rows.x + word]), sum);
    let b = fma(vec2f(weights.y), unpack2x16float(values[rows.y + word]), a);
    let c = fma(vec2f(weights.z), unpack2x16float(values[rows.z + word]), b);
    return fma(vec2f(weights.w), unpack2x16float(values[rows.w + word]), c);
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let head = group_id.x;
    let token = group_id.y;
    let count = position[0] + token + 1u;
    let shared_head = head / GROUP;
    let row = (token * HEADS + head) * HEAD_SIZE;
    let last = vec4u(count - 1u);
    let places = vec4u(0u, 1u, 2u, 3u);
    var sums: array<vec2f, OWN>;
    var largest = -3.0e38;
    var total = 0.0;
    for (var first = 0u; first < count; first += 16u) {
        let own = vec4u(first + lane) + 4u * places;
        let key_rows = rows_of(min(own, last), shared_head);
        var scores = vec4f();
        for (var word = 0u; word < WORDS; word += 2u) {
            let q = shared_among_lanes(query[row + 2u * word + lane]);
            scores += vec4f(
                score(q, key_rows.x + word), score(q, key_rows.y + word),
                score(q, key_rows.z + word), score(q, key_rows.w + word));
        }
        scores = select(vec4f(-3.0e38), scores * SCALE, own <= last);
        let new_largest = max(largest, subgroupMax(max(max(scores.x, scores.y), max(scores.z, scores.w))));
        let keep = exp(largest - new_largest);
        let weights = exp(scores - vec4f(new_largest));
        largest = new_largest;
        total = total * keep + subgroupAdd((weights.x + weights.y) + (weights.z + weights.w));
        let weights0 = shared_among_lanes(weights.x);
        let weights1 = shared_among_lanes(weights.y);
        let weights2 = shared_among_lanes(weights.z);
        let weights3 = shared_among_lanes(weights.w);
        let rows0 = rows_of(min(vec4u(first) + places, last), shared_head);
        let rows1 = rows_of(min(vec4u(first + 4u) + places, last), shared_head);
        let rows2 = rows_of(min(vec4u(first + 8u) + places, last), shared_head);
        let rows3 = rows_of(min(vec4u(first + 12u) + places, last), shared_head);
        for (var unit = 0u; unit < OWN; unit++) {
            let word = unit * 4u + lane;
            let a = weighted(sums[unit] * keep, weights0, rows0, word);
            let b = weighted(a, weights1, rows1, word);
            let c = weighted(b, weights2, rows2, word);
            sums[unit] = weighted(c, weights3, rows3, word);
        }
    }
    for (var unit = 0u; unit < OWN; unit++) {
        let at = row + 2u * (unit * 4u + lane);
        y[at] = sums[unit].x / total;
        y[at + 1u] = sums[unit].y / total;
    }
}
