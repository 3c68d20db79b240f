const HEADS: u32 = 9u;
const KEY_VALUE_HEADS: u32 = 3u;
const GROUP: u32 = 3u;
const HEAD_SIZE: u32 = 64u;
const SCALE: f32 = 0.125f;
const TOKENS: u32 = 1u;
@group(0) @binding(0) var<storage, read_write> query: array<vec4f>;
@group(0) @binding(1) var<storage, read> keys: array<u32>;
@group(0) @binding(2) var<storage, read> values: array<u32>;
@group(0) @binding(3) var<storage, read> position: array<u32>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>;

// A row sees all positions up to its own.
fn first_seen(count: u32) -> u32 {
    return 0u;
}

// Scores as they are.
fn capped(score: Score) -> Score {
    return score;
}

// Scores are scaled alike at all positions.
fn scale_at(position: u32) -> f32 {
    return SCALE;
}

// A state has a row for each position.
fn row_of_position(position: u32) -> u32 {
    return position;
}

// Rows of blocks: the bytes of all blocks, four to a word, behind them their scales, two to a word.
// links: positions
const QUANT_WORDS: u32 = KEY_VALUE_HEADS * HEAD_SIZE / 4u;
const ROW_WORDS: u32 = QUANT_WORDS + (KEY_VALUE_HEADS * HEAD_SIZE / 32u + 1u) / 2u;

fn row_of(position: u32) -> u32 {
    return row_of_position(position) * ROW_WORDS;
}

// Four signed bytes.
fn quants(word: u32) -> vec4f {
    return vec4f(vec4i(vec4u(word) << vec4u(24u, 16u, 8u, 0u)) >> vec4u(24u));
}

// Two signed bytes, the lower or the upper ones.
fn quant_pair(word: u32, upper: bool) -> vec2f {
    let two = select(word << 16u, word, upper);
    return vec2f(vec2i(vec2u(two << 8u, two)) >> vec2u(24u));
}

fn scale_of(halves: u32, second: bool) -> f32 {
    return unpack2x16float(select(halves, halves >> 16u, second)).x;
}

// Keys and values in blocks of bytes, eight elements of a row at a time; values two at a time too.
// links: quants
// binds: keys, values
struct Eight {
    low: vec4f,
    high: vec4f,
}

fn key_eight(row: u32, index: u32) -> Eight {
    let scale = scale_of(keys[row + QUANT_WORDS + index / 8u], (index & 4u) != 0u);
    return Eight(quants(keys[row + 2u * index]) * scale, quants(keys[row + 2u * index + 1u]) * scale);
}

fn value_eight(row: u32, index: u32) -> Eight {
    let scale = scale_of(values[row + QUANT_WORDS + index / 8u], (index & 4u) != 0u);
    return Eight(quants(values[row + 2u * index]) * scale, quants(values[row + 2u * index + 1u]) * scale);
}

fn value_pair(row: u32, index: u32) -> vec2f {
    let scale = scale_of(values[row + QUANT_WORDS + index / 32u], (index & 16u) != 0u);
    return quant_pair(values[row + index / 2u], (index & 1u) != 0u) * scale;
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

// Causal attention of the query heads that share one key and value head (x of the grid) and of TOKENS tokens (y), with an online
// softmax: with m the largest score so far, every sum is kept relative to exp(m). Eight lanes side by side share the elements of a
// head, eight elements at a time. Each key and value is read once for all heads and tokens.
//
// Positions that all tokens see are taken eight at a time: lanes exchange their parts of eight scores until each lane has the whole
// score of one position, so that an exponential serves eight. The others, which a window or the order of tokens keeps from some of
// the tokens, are taken one by one. Rows beyond the last token are read and written as they come.
// links: reduce, state, seen, cap, scale
// binds: query, position, y
alias Score = f32;

const UNITS: u32 = HEAD_SIZE / 8u;
const OWN: u32 = (UNITS + 7u) / 8u;
const ROWS: u32 = TOKENS * GROUP;

alias Elements = array<Eight, OWN>;

// A row of the query, and what is known of its result.
var<private> q: array<Elements, ROWS>;
var<private> sums: array<Elements, ROWS>;
var<private> largest: array<f32, ROWS>;
var<private> total: array<f32, ROWS>;

// The lane's part of a score.
fn part_of_score(row: u32, key: Elements) -> f32 {
    var product = vec4f();
    for (var own = 0u; own < OWN; own++) {
        product = fma(q[row][own].low, key[own].low, product);
        product = fma(q[row][own].high, key[own].high, product);
    }
    return (product.x + product.y) + (product.z + product.w);
}

fn add_value(row: u32, weight: f32, value: Elements) {
    for (var own = 0u; own < OWN; own++) {
        sums[row][own].low = fma(vec4f(weight), value[own].low, sums[row][own].low);
        sums[row][own].high = fma(vec4f(weight), value[own].high, sums[row][own].high);
    }
}

// Keeps the sums relative to a score that may be larger.
fn raise(row: u32, score: f32) {
    let raised = max(largest[row], score);
    let keep = exp(largest[row] - raised);
    largest[row] = raised;
    total[row] *= keep;
    for (var own = 0u; own < OWN; own++) {
        sums[row][own].low *= keep;
        sums[row][own].high *= keep;
    }
}

// Lanes without the bit have their own parts of the first sum and those of the lanes with it; these have the second.
fn halve(first: f32, second: f32, lane: u32, bit: u32) -> f32 {
    let upper = (lane & bit) != 0u;
    return select(first, second, upper) + subgroupShuffleXor(select(second, first, upper), bit);
}

fn key_at(at: u32, shared_head: u32, lane: u32) -> Elements {
    let row = row_of(at);
    var key: Elements;
    for (var own = 0u; own < OWN; own++) {
        key[own] = key_eight(row, shared_head * UNITS + min(own * 8u + lane, UNITS - 1u));
    }
    return key;
}

fn value_at(at: u32, shared_head: u32, lane: u32) -> Elements {
    let row = row_of(at);
    var value: Elements;
    for (var own = 0u; own < OWN; own++) {
        value[own] = value_eight(row, shared_head * UNITS + min(own * 8u + lane, UNITS - 1u));
    }
    return value;
}

// Eight positions from this one on, which all tokens see.
fn eight_positions(at: u32, shared_head: u32, lane: u32) {
    let k0 = key_at(at, shared_head, lane);
    let k1 = key_at(at + 1u, shared_head, lane);
    let k2 = key_at(at + 2u, shared_head, lane);
    let k3 = key_at(at + 3u, shared_head, lane);
    let k4 = key_at(at + 4u, shared_head, lane);
    let k5 = key_at(at + 5u, shared_head, lane);
    let k6 = key_at(at + 6u, shared_head, lane);
    let k7 = key_at(at + 7u, shared_head, lane);
    var weights: array<f32, ROWS>;
    for (var row = 0u; row < ROWS; row++) {
        let p04 = halve(part_of_score(row, k0), part_of_score(row, k4), lane, 4u);
        let p15 = halve(part_of_score(row, k1), part_of_score(row, k5), lane, 4u);
        let p26 = halve(part_of_score(row, k2), part_of_score(row, k6), lane, 4u);
        let p37 = halve(part_of_score(row, k3), part_of_score(row, k7), lane, 4u);
        let score = capped(halve(halve(p04, p26, lane, 2u), halve(p15, p37, lane, 2u), lane, 1u));
        raise(row, max_of_lanes(score));
        weights[row] = exp(score - largest[row]);
        total[row] += weights[row];
    }
    for (var which = 0u; which < 8u; which++) {
        let value = value_at(at + which, shared_head, lane);
        for (var row = 0u; row < ROWS; row++) {
            add_value(row, subgroupShuffle(weights[row], which), value);
        }
    }
}

// One position, for those tokens that see it. Lane 0 alone adds to the totals, which are summed over the lanes in the end.
fn one_position(at: u32, shared_head: u32, lane: u32, count: u32) {
    let key = key_at(at, shared_head, lane);
    let value = value_at(at, shared_head, lane);
    for (var row = 0u; row < ROWS; row++) {
        let score = capped(sum_of_lanes(part_of_score(row, key)));
        let own_count = count + row / GROUP;
        if (at < own_count && at >= first_seen(own_count)) {
            raise(row, score);
            let weight = exp(score - largest[row]);
            total[row] += select(0.0, weight, lane == 0u);
            add_value(row, weight, value);
        }
    }
}

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    let shared_head = group_id.x;
    let token = group_id.y * TOKENS;
    let count = position[0] + token + 1u;
    for (var row = 0u; row < ROWS; row++) {
        largest[row] = -3.0e38;
        total[row] = 0.0;
        let first = ((token + row / GROUP) * HEADS + shared_head * GROUP + row % GROUP) * (HEAD_SIZE / 4u);
        let row_scale = scale_at(count - 1u + row / GROUP);
        for (var own = 0u; own < OWN; own++) {
            let unit = own * 8u + lane;
            let inside = unit < UNITS;
            let at = first + 2u * select(0u, unit, inside);
            let scale = select(0.0, row_scale, inside);
            q[row][own] = Eight(query[at] * scale, query[at + 1u] * scale);
            sums[row][own] = Eight(vec4f(), vec4f());
        }
    }
    var at = first_seen(count);
    let seen_by_all = min(first_seen(count + TOKENS - 1u), count);
    for (; at < seen_by_all; at++) {
        one_position(at, shared_head, lane, count);
    }
    for (; at + 8u <= count; at += 8u) {
        eight_positions(at, shared_head, lane);
    }
    for (; at < count + TOKENS - 1u; at++) {
        one_position(at, shared_head, lane, count);
    }
    for (var row = 0u; row < ROWS; row++) {
        let first = ((token + row / GROUP) * HEADS + shared_head * GROUP + row % GROUP) * (HEAD_SIZE / 4u);
        let whole = sum_of_lanes(total[row]);
        for (var own = 0u; own < OWN; own++) {
            let unit = own * 8u + lane;
            if (unit < UNITS) {
                y[first + 2u * unit] = sums[row][own].low / whole;
                y[first + 2u * unit + 1u] = sums[row][own].high / whole;
            }
        }
    }
}
