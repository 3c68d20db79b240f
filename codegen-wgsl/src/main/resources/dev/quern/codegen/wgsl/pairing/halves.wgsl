// gives: pairing
// Pair p of a head is (p, p + ROTARY / 2). Gives the pair of an element and its partner.
fn pair_of(element: u32) -> u32 {
    return select(element, element - ROTARY / 2u, is_second(element));
}

fn partner_of(element: u32) -> u32 {
    return select(element + ROTARY / 2u, element - ROTARY / 2u, is_second(element));
}

fn is_second(element: u32) -> bool {
    return element >= ROTARY / 2u;
}
