// gives: heads
// One query head that reads the same keys, as one value.
// binds: query, y
alias Heads = f32;
alias HeadRows = u32;

const TOGETHER: u32 = 1u;

// The head itself.
fn heads_from(first: u32, last: u32) -> HeadRows {
    return min(first, last);
}

fn queries(rows: HeadRows, at: u32) -> Heads {
    return query[rows + at];
}

fn attended(rows: HeadRows, at: u32, value: Heads) {
    y[rows + at] = value;
}
