// gives: gains
// The first, the second or the third of three gains.
// binds: first_gain, second_gain, third_gain
fn gain(number: u32, element: u32) -> f32 {
    if (number == 1u) {
        return first_gain[element / 4u][element % 4u];
    }
    if (number == 2u) {
        return second_gain[element / 4u][element % 4u];
    }
    return third_gain[element / 4u][element % 4u];
}
