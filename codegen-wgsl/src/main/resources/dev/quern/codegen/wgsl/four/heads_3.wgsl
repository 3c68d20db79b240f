// gives: heads
// Three query heads that read the same keys, as one value.
// binds: query, y
alias Heads = vec3f;
alias HeadRows = vec3u;

const TOGETHER: u32 = 3u;

// Heads one after another; the last stands for those behind it.
fn heads_from(first: u32, last: u32) -> HeadRows {
    return min(HeadRows(first, first + 1u, first + 2u), HeadRows(last));
}

fn queries(rows: HeadRows, at: u32) -> Heads {
    return Heads(query[rows.x + at], query[rows.y + at], query[rows.z + at]);
}

fn attended(rows: HeadRows, at: u32, value: Heads) {
    y[rows.x + at] = value.x;
    y[rows.y + at] = value.y;
    y[rows.z + at] = value.z;
}
