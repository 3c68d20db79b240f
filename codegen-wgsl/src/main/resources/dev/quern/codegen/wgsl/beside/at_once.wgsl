// A workgroup begins with its kernel.
fn begin(group: u32, lane: u32) {}
