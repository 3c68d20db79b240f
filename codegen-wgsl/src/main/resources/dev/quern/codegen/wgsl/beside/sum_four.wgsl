// Before a product of a sum: four lanes find the root of x's mean square, and write their workgroup's share of the sum.
// links: element
// binds: x, summed
fn begin(group: u32, lane: u32) {
    var squares = 0.0;
    for (var index = lane; index < COLUMNS; index += GROUP_LANES) {
        let own = x[index];
        squares += own * own;
    }
    root = inverseSqrt(subgroupAdd(squares) / f32(COLUMNS) + POST_EPSILON);
    for (var index = group * GROUP_LANES + lane; index < COLUMNS; index += GROUPS * GROUP_LANES) {
        summed[index] = element(0u, index);
    }
}
