// gives: tile
// What a workgroup holds of a product of many tokens: 64 rows of weights and 32 rows of the input, a block of 32 columns of each,
// four elements to a vector. Neighbouring lanes read neighbouring rows.
const TILE_ROWS: u32 = 64u;
const TILE_TOKENS: u32 = 32u;

var<workgroup> weight_tile: array<vec4f, 512>;
var<workgroup> input_tile: array<vec4f, 256>;
var<workgroup> square_tile: array<f32, 64>;

fn keep_weights(row: u32, block: Block) {
    weight_tile[row] = block.e0;
    weight_tile[TILE_ROWS + row] = block.e1;
    weight_tile[2u * TILE_ROWS + row] = block.e2;
    weight_tile[3u * TILE_ROWS + row] = block.e3;
    weight_tile[4u * TILE_ROWS + row] = block.e4;
    weight_tile[5u * TILE_ROWS + row] = block.e5;
    weight_tile[6u * TILE_ROWS + row] = block.e6;
    weight_tile[7u * TILE_ROWS + row] = block.e7;
}

// The same four columns of a row in each of eight tiles of eight rows.
struct Rows {
    a: vec4f,
    b: vec4f,
    c: vec4f,
    d: vec4f,
    e: vec4f,
    f: vec4f,
    g: vec4f,
    h: vec4f,
}

fn rows_at(quarter: u32, row: u32) -> Rows {
    let first = quarter * TILE_ROWS + row;
    return Rows(
        weight_tile[first], weight_tile[first + 8u], weight_tile[first + 16u], weight_tile[first + 24u],
        weight_tile[first + 32u], weight_tile[first + 40u], weight_tile[first + 48u], weight_tile[first + 56u]);
}

// Eight sums of one token: those of the first four tiles, and those of the others.
struct Sums {
    low: vec4f,
    high: vec4f,
}

// Adds four products to each of eight sums.
fn with_products(sums: Sums, rows: Rows, x: vec4f) -> Sums {
    let low1 = fma(vec4f(rows.a.x, rows.b.x, rows.c.x, rows.d.x), vec4f(x.x), sums.low);
    let high1 = fma(vec4f(rows.e.x, rows.f.x, rows.g.x, rows.h.x), vec4f(x.x), sums.high);
    let low2 = fma(vec4f(rows.a.y, rows.b.y, rows.c.y, rows.d.y), vec4f(x.y), low1);
    let high2 = fma(vec4f(rows.e.y, rows.f.y, rows.g.y, rows.h.y), vec4f(x.y), high1);
    let low3 = fma(vec4f(rows.a.z, rows.b.z, rows.c.z, rows.d.z), vec4f(x.z), low2);
    let high3 = fma(vec4f(rows.e.z, rows.f.z, rows.g.z, rows.h.z), vec4f(x.z), high2);
    let low4 = fma(vec4f(rows.a.w, rows.b.w, rows.c.w, rows.d.w), vec4f(x.w), low3);
    let high4 = fma(vec4f(rows.e.w, rows.f.w, rows.g.w, rows.h.w), vec4f(x.w), high3);
    return Sums(low4, high4);
}
