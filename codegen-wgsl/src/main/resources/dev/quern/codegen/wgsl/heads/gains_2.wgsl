// gives: gains
// The first or the second of two gains.
// binds: first_gain, second_gain
fn gain(number: u32, element: u32) -> f32 {
    if (number == 1u) {
        return first_gain[element / 4u][element % 4u];
    }
    return second_gain[element / 4u][element % 4u];
}
