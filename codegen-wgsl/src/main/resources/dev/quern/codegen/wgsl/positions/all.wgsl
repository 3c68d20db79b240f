// gives: positions
// A state has a row for each position.
fn row_of_position(position: u32) -> u32 {
    return position;
}
