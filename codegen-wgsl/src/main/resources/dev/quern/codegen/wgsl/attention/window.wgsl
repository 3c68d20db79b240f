// gives: seen
// A row sees the last WINDOW positions, its own among them.
fn first_seen(count: u32) -> u32 {
    return max(count, WINDOW) - WINDOW;
}
