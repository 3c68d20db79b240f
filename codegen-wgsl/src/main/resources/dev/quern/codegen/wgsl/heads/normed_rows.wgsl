// gives: norm
// Some parts are normalised, each with as many elements together as its gain has: those of a head, or of all heads of the part. The
// lanes of a workgroup share the squares; what is normalised together is read by the workgroups of all its heads.
// links: source, gains
var<workgroup> partial_squares: array<f32, LANES>;

// Elements of the part before a head that are normalised with it.
fn normed_before(part: u32, first: u32) -> u32 {
    let before = (first - of_part(part, QUERY_START, KEY_START, VALUE_START))
        % of_part(part, QUERY_COLUMNS, KEY_COLUMNS, VALUE_COLUMNS);
    return select(before, 0u, of_part(part, QUERY_NORMED, KEY_NORMED, VALUE_NORMED) == HEAD_SIZE);
}

// The reciprocal of the root of the mean square.
fn root_of(part: u32, first: u32, lane: u32) -> f32 {
    let count = of_part(part, QUERY_NORMED, KEY_NORMED, VALUE_NORMED);
    let start = first - normed_before(part, first);
    var squares = 0.0;
    for (var element = lane; element < count; element += LANES) {
        let value = source(part, start + element);
        squares += value * value;
    }
    partial_squares[lane] = squares;
    workgroupBarrier();
    var total = 0.0;
    for (var other = 0u; other < LANES; other++) {
        total += partial_squares[other];
    }
    let epsilon = select(select(VALUE_EPSILON, KEY_EPSILON, part == KEY), QUERY_EPSILON, part == QUERY);
    return inverseSqrt(total / f32(count) + epsilon);
}

fn element_of(part: u32, first: u32, element: u32, root: f32) -> f32 {
    let value = source(part, first + element);
    let number = of_part(part, QUERY_GAIN, KEY_GAIN, VALUE_GAIN);
    if (number == 0u) {
        return value;
    }
    return value * gain(number, normed_before(part, first) + element) * root;
}
