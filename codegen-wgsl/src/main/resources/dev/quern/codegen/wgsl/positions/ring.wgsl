// gives: positions
// A state has rows for the last RING positions.
fn row_of_position(position: u32) -> u32 {
    return position % RING;
}
