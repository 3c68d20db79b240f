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

// Causal attention of the query heads that share one key and value head (x of the grid) and one token (y): eight lanes side by side
// share the elements of a head, eight elements at a time, and walk the positions one after another with an online softmax: with m
// the largest score so far, every sum is kept relative to exp(m). Each key and value is read once for all its query heads.
// links: reduce, state, seen, cap, scale
// binds: query, position, y
alias Score = f32;

const UNITS: u32 = HEAD_SIZE / 8u;
const OWN: u32 = (UNITS + 7u) / 8u;

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let shared_head = group_id.x;
    let token = group_id.y;
    let count = position[0] + token + 1u;
    let row_scale = scale_at(count - 1u);
    let first_row = (token * HEADS + shared_head * GROUP) * HEAD_SIZE / 4u;
    var q: array<Eight, GROUP * OWN>;
    var sums: array<Eight, GROUP * OWN>;
    var largest: array<f32, GROUP>;
    var total: array<f32, GROUP>;
    for (var head = 0u; head < GROUP; head++) {
        largest[head] = -3.0e38;
        total[head] = 0.0;
        for (var own = 0u; own < OWN; own++) {
            let unit = own * 8u + lane;
            let inside = unit < UNITS;
            let at = first_row + head * HEAD_SIZE / 4u + 2u * select(0u, unit, inside);
            let scale = select(0.0, row_scale, inside);
            q[head * OWN + own] = Eight(query[at] * scale, query[at + 1u] * scale);
            sums[head * OWN + own] = Eight(vec4f(), vec4f());
        }
    }
    for (var at = first_seen(count); at < count; at++) {
        let row = row_of(at);
        var key: array<Eight, OWN>;
        var value: array<Eight, OWN>;
        for (var own = 0u; own < OWN; own++) {
            let unit = shared_head * UNITS + min(own * 8u + lane, UNITS - 1u);
            key[own] = key_eight(row, unit);
            value[own] = value_eight(row, unit);
        }
        for (var head = 0u; head < GROUP; head++) {
            var product = vec4f();
            for (var own = 0u; own < OWN; own++) {
                product = fma(q[head * OWN + own].low, key[own].low, product);
                product = fma(q[head * OWN + own].high, key[own].high, product);
            }
            let score = capped(sum_of_lanes((product.x + product.y) + (product.z + product.w)));
            let new_largest = max(largest[head], score);
            let keep = exp(largest[head] - new_largest);
            let weight = exp(score - new_largest);
            largest[head] = new_largest;
            total[head] = total[head] * keep + weight;
            for (var own = 0u; own < OWN; own++) {
                let index = head * OWN + own;
                sums[index].low = fma(vec4f(weight), value[own].low, sums[index].low * keep);
                sums[index].high = fma(vec4f(weight), value[own].high, sums[index].high * keep);
            }
        }
    }
    for (var head = 0u; head < GROUP; head++) {
        for (var own = 0u; own < OWN; own++) {
            let unit = own * 8u + lane;
            if (unit < UNITS) {
                let at = first_row + head * HEAD_SIZE / 4u + 2u * unit;
                y[at] = sums[head * OWN + own].low / total[head];
                y[at + 1u] = sums[head * OWN + own].high / total[head];
            }
        }
    }
}
