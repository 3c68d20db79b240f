// Causal attention of one query head (x of the grid) and one token (y): eight lanes side by side share the elements of the head,
// eight elements at a time, and walk the positions one after another with an online softmax: with m the largest score so far,
// every sum is kept relative to exp(m).
// links: reduce
// binds: query, keys, values, position, y
const UNITS: u32 = HEAD_SIZE / 8u;
const OWN: u32 = (UNITS + 7u) / 8u;

struct Eight {
    low: vec4f,
    high: vec4f,
}

fn unpack(halves: vec4u) -> Eight {
    return Eight(
        vec4f(unpack2x16float(halves.x), unpack2x16float(halves.y)),
        vec4f(unpack2x16float(halves.z), unpack2x16float(halves.w)));
}

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let head = group_id.x;
    let token = group_id.y;
    let count = position[0] + token + 1u;
    let shared_head = (head / GROUP) * UNITS;
    let row = (token * HEADS + head) * HEAD_SIZE / 4u;
    var q: array<Eight, OWN>;
    var sums: array<Eight, OWN>;
    for (var own = 0u; own < OWN; own++) {
        let unit = own * 8u + lane;
        let inside = unit < UNITS;
        let at = row + 2u * select(0u, unit, inside);
        let scale = select(0.0, SCALE, inside);
        q[own] = Eight(query[at] * scale, query[at + 1u] * scale);
        sums[own] = Eight(vec4f(), vec4f());
    }
    var largest = -3.0e38;
    var total = 0.0;
    for (var at = 0u; at < count; at++) {
        let base = at * (KEY_VALUE_HEADS * UNITS) + shared_head;
        var product = vec4f();
        for (var own = 0u; own < OWN; own++) {
            let key = unpack(keys[base + min(own * 8u + lane, UNITS - 1u)]);
            product = fma(q[own].low, key.low, product);
            product = fma(q[own].high, key.high, product);
        }
        let score = sum_of_lanes((product.x + product.y) + (product.z + product.w));
        let new_largest = max(largest, score);
        let keep = exp(largest - new_largest);
        let weight = exp(score - new_largest);
        largest = new_largest;
        total = total * keep + weight;
        for (var own = 0u; own < OWN; own++) {
            let value = unpack(values[base + min(own * 8u + lane, UNITS - 1u)]);
            sums[own].low = fma(vec4f(weight), value.low, sums[own].low * keep);
            sums[own].high = fma(vec4f(weight), value.high, sums[own].high * keep);
        }
    }
    for (var own = 0u; own < OWN; own++) {
        let unit = own * 8u + lane;
        if (unit < UNITS) {
            y[row + 2u * unit] = sums[own].low / total;
            y[row + 2u * unit + 1u] = sums[own].high / total;
        }
    }
}
