const LANES: u32 = 64u;
const HEADS: u32 = 9u;
const KEY_VALUE_HEADS: u32 = 3u;
const GROUP: u32 = 3u;
const HEAD_SIZE: u32 = 64u;
const SCALE: f32 = 0.125f;
const WINDOW: u32 = 16u;
const RING: u32 = 24u;
const INTERVAL: u32 = 8192u;
const STRENGTH: f32 = 0.1f;
@group(0) @binding(0) var<storage, read_write> query: array<vec4f>;
@group(0) @binding(1) var<storage, read> keys: array<vec4u>;
@group(0) @binding(2) var<storage, read> values: array<vec4u>;
@group(0) @binding(3) var<storage, read> position: array<u32>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>;

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

// Keys and values as halves, eight elements of a row at a time; values two at a time too.
// links: positions
// binds: keys, values
struct Eight {
    low: vec4f,
    high: vec4f,
}

fn eight_of(halves: vec4u) -> Eight {
    return Eight(
        vec4f(unpack2x16float(halves.x), unpack2x16float(halves.y)),
        vec4f(unpack2x16float(halves.z), unpack2x16float(halves.w)));
}

fn row_of(position: u32) -> u32 {
    return row_of_position(position) * (KEY_VALUE_HEADS * HEAD_SIZE / 8u);
}

fn key_eight(row: u32, index: u32) -> Eight {
    return eight_of(keys[row + index]);
}

fn value_eight(row: u32, index: u32) -> Eight {
    return eight_of(values[row + index]);
}

fn value_pair(row: u32, index: u32) -> vec2f {
    let halves = values[row + index / 4u];
    let low = select(halves.x, halves.y, (index & 1u) != 0u);
    let high = select(halves.z, halves.w, (index & 1u) != 0u);
    return unpack2x16float(select(low, high, (index & 2u) != 0u));
}

// Causal attention of one query head (x of the grid) and one token (y): LANES positions at a time, each lane scores one, then
// every lane sums its elements of the head over these positions. The softmax is online: with m the largest score so far, every
// sum is kept relative to exp(m).
// links: state, seen, cap, scale
// binds: query, position, y
alias Score = f32;

const UNITS: u32 = HEAD_SIZE / 8u;
const PAIRS: u32 = HEAD_SIZE / 2u;
const OWN: u32 = (PAIRS + LANES - 1u) / LANES;

var<workgroup> q: array<vec4f, HEAD_SIZE / 4u>;
var<workgroup> scores: array<f32, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let head = group_id.x;
    let token = group_id.y;
    let count = position[0] + token + 1u;
    let shared_head = head / GROUP;
    let row = (token * HEADS + head) * HEAD_SIZE / 4u;
    let scale = scale_at(count - 1u);
    for (var index = lane; index < HEAD_SIZE / 4u; index += LANES) {
        q[index] = query[row + index] * scale;
    }
    var sums: array<vec2f, OWN>;
    var largest = -3.0e38;
    var total = 0.0;
    for (var first = first_seen(count); first < count; first += LANES) {
        workgroupBarrier();
        let at = first + lane;
        var score = -3.0e38;
        if (at < count) {
            let key_row = row_of(at);
            var product = vec4f();
            for (var unit = 0u; unit < UNITS; unit++) {
                let key = key_eight(key_row, shared_head * UNITS + unit);
                product = fma(q[2u * unit], key.low, product);
                product = fma(q[2u * unit + 1u], key.high, product);
            }
            score = capped((product.x + product.y) + (product.z + product.w));
        }
        scores[lane] = score;
        workgroupBarrier();
        var new_largest = largest;
        let inside = min(LANES, count - first);
        for (var index = 0u; index < inside; index++) {
            new_largest = max(new_largest, scores[index]);
        }
        let keep = exp(largest - new_largest);
        largest = new_largest;
        total *= keep;
        for (var own = 0u; own < OWN; own++) {
            sums[own] *= keep;
        }
        for (var index = 0u; index < inside; index++) {
            let weight = exp(scores[index] - largest);
            total += weight;
            let value_row = row_of(first + index);
            for (var own = 0u; own < OWN; own++) {
                let pair = min(own * LANES + lane, PAIRS - 1u);
                sums[own] = fma(vec2f(weight), value_pair(value_row, shared_head * PAIRS + pair), sums[own]);
            }
        }
    }
    for (var own = 0u; own < OWN; own++) {
        let pair = own * LANES + lane;
        if (pair < PAIRS) {
            let index = 2u * pair;
            let at = row + index / 4u;
            if ((index & 2u) == 0u) {
                y[at].x = sums[own].x / total;
                y[at].y = sums[own].y / total;
            } else {
                y[at].z = sums[own].x / total;
                y[at].w = sums[own].y / total;
            }
        }
    }
}
