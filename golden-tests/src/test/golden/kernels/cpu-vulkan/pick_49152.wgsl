const LANES: u32 = 64u;
const COUNT: u32 = 49152u;
const SLOTS: u32 = 64u;
@group(0) @binding(0) var<storage, read> logits: array<u32>;
@group(0) @binding(1) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(2) var<storage, read_write> position: array<u32>;
@group(0) @binding(3) var<storage, read_write> ring: array<u32>;

// Greedy choice: the smallest index of the largest logit becomes the next token, goes into the ring at slot position % SLOTS, and
// the position advances. If a logit is NaN or infinite, what goes there is no token. Logits are bound as words, since WGSL lets a
// compiler take for granted that no float is NaN. One workgroup; its lanes look at neighbours, and the lanes' best meet in workgroup
// memory.
// binds: logits, tokens, position, ring
const NO_TOKEN: u32 = 0xffffffffu;
const INFINITY: u32 = 0x7f800000u;

var<workgroup> best_values: array<f32, LANES>;
var<workgroup> best_indices: array<u32, LANES>;
var<workgroup> magnitudes: array<u32, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
    var best_value = -3.4e38;
    var best_index = min(lane, COUNT - 1u);
    var magnitude = 0u;
    for (var index = lane; index < COUNT; index += LANES) {
        let word = logits[index];
        let value = bitcast<f32>(word);
        let better = value > best_value;
        best_value = select(best_value, value, better);
        best_index = select(best_index, index, better);
        magnitude = max(magnitude, word & 0x7fffffffu);
    }
    best_values[lane] = best_value;
    best_indices[lane] = best_index;
    magnitudes[lane] = magnitude;
    workgroupBarrier();
    if (lane == 0u) {
        for (var other = 1u; other < LANES; other++) {
            let value = best_values[other];
            let index = best_indices[other];
            if (value > best_value || (value == best_value && index < best_index)) {
                best_value = value;
                best_index = index;
            }
            magnitude = max(magnitude, magnitudes[other]);
        }
        let at = position[0];
        let token = select(best_index, NO_TOKEN, magnitude >= INFINITY);
        tokens[0] = token;
        ring[at % SLOTS] = token;
        position[0] = at + 1u;
    }
}
