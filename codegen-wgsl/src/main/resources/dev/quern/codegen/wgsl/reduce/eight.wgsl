// gives: reduce
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
