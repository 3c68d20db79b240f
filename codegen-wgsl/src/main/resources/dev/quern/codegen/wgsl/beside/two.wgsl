// Two kernels side by side: the first workgroups along x run the first, the others the second.
// links: begin, main_0, main_1
@compute @workgroup_size(GROUP_LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    begin(group_id.x, lane);
    if (group_id.x < GROUPS_0) {
        main_0(group_id, lane);
    } else {
        main_1(vec3u(group_id.x - GROUPS_0, group_id.yz), lane);
    }
}
