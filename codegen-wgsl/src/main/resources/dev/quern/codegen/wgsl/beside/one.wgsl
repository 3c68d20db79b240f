// One kernel, which every workgroup runs after what it begins with.
// links: begin, main_0
@compute @workgroup_size(GROUP_LANES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
    begin(group_id.x, lane);
    main_0(group_id, lane);
}
