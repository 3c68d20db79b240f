// Before a product of a sum: the lanes of a workgroup find the root of x's mean square, and write their workgroup's share of the
// sum.
// links: input
// binds: x, summed
var<workgroup> partial_roots: array<f32, GROUP_LANES>;

fn begin(group: u32, lane: u32) {
    var squares = 0.0;
    for (var index = lane; index < COLUMNS / 4u; index += GROUP_LANES) {
        let own = x[index];
        squares += dot(own, own);
    }
    partial_roots[lane] = squares;
    workgroupBarrier();
    var total = 0.0;
    for (var other = 0u; other < GROUP_LANES; other++) {
        total += partial_roots[other];
    }
    root = inverseSqrt(total / f32(COLUMNS) + POST_EPSILON);
    for (var index = group * GROUP_LANES + lane; index < COLUMNS / 4u; index += GROUPS * GROUP_LANES) {
        summed[index] = input(0u, index);
    }
}
