// gives: pairing
// Pair p of a head is (2p, 2p + 1). Gives the pair of an element and its partner.
fn pair_of(element: u32) -> u32 {
    return element >> 1u;
}

fn partner_of(element: u32) -> u32 {
    return element ^ 1u;
}

fn is_second(element: u32) -> bool {
    return (element & 1u) == 1u;
}
