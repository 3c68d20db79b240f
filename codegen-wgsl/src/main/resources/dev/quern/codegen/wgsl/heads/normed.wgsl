// gives: norm
// Heads of some parts are normalised: the lanes of a workgroup share the squares of its head.
// links: source, gains
var<workgroup> partial_squares: array<f32, LANES>;

// The reciprocal of the root of the mean square.
fn root_of(part: u32, first: u32, lane: u32) -> f32 {
    var squares = 0.0;
    for (var element = lane; element < HEAD_SIZE; element += LANES) {
        let value = source(part, first + element);
        squares += value * value;
    }
    partial_squares[lane] = squares;
    workgroupBarrier();
    var total = 0.0;
    for (var other = 0u; other < LANES; other++) {
        total += partial_squares[other];
    }
    let epsilon = select(select(VALUE_EPSILON, KEY_EPSILON, part == KEY), QUERY_EPSILON, part == QUERY);
    return inverseSqrt(total / f32(HEAD_SIZE) + epsilon);
}

fn element_of(part: u32, first: u32, element: u32, root: f32) -> f32 {
    let value = source(part, first + element);
    let number = of_part(part, QUERY_GAIN, KEY_GAIN, VALUE_GAIN);
    if (number == 0u) {
        return value;
    }
    return value * gain(number, element) * root;
}
