// Before a product of a sum: eight lanes find the root of x's mean square, and write their workgroup's share of the sum.
// links: input, reduce
// binds: x, summed
fn begin(group: u32, lane: u32) {
    var squares = 0.0;
    for (var index = lane; index < COLUMNS / 4u; index += GROUP_LANES) {
        let own = x[index];
        squares += dot(own, own);
    }
    root = inverseSqrt(sum_of_lanes(squares) / f32(COLUMNS) + POST_EPSILON);
    for (var index = group * GROUP_LANES + lane; index < COLUMNS / 4u; index += GROUPS * GROUP_LANES) {
        summed[index] = input(0u, index);
    }
}
