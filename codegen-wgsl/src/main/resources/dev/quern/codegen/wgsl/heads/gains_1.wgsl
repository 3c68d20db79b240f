// gives: gains
// One gain, whatever part it is for.
// binds: first_gain
fn gain(number: u32, element: u32) -> f32 {
    return first_gain[element / 4u][element % 4u];
}
