// Three kernels side by side: the first workgroups along x run the first, those behind them the second, the others the third.
// links: begin, main_0, main_1, main_2
@compute @workgroup_size(GROUP_LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    begin(group_id.x, lane);
    if (group_id.x < GROUPS_0) {
        main_0(group_id, lane);
    } else if (group_id.x < GROUPS_0 + GROUPS_1) {
        main_1(vec3u(group_id.x - GROUPS_0, group_id.yz), lane);
    } else {
        main_2(vec3u(group_id.x - GROUPS_0 - GROUPS_1, group_id.yz), lane);
    }
}
