// gives: heads
// Four query heads that read the same keys, as one value.
// binds: query, y
alias Heads = vec4f;
alias HeadRows = vec4u;

const TOGETHER: u32 = 4u;

// Heads one after another; the last stands for those behind it.
fn heads_from(first: u32, last: u32) -> HeadRows {
    return min(HeadRows(first, first + 1u, first + 2u, first + 3u), HeadRows(last));
}

fn queries(rows: HeadRows, at: u32) -> Heads {
    return Heads(query[rows.x + at], query[rows.y + at], query[rows.z + at], query[rows.w + at]);
}

fn attended(rows: HeadRows, at: u32, value: Heads) {
    y[rows.x + at] = value.x;
    y[rows.y + at] = value.y;
    y[rows.z + at] = value.z;
    y[rows.w + at] = value.w;
}
