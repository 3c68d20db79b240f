// The sums of up to eight tiles, of two rows a lane each: row `lane` and row `4 + lane` of the tile. Drivers that keep no array in
// registers still keep these: the loop over the tiles takes the first, adds to it and puts it last, so that after a whole round of
// GROUP_TILES every sum is where it was: the first tile's in place 8 - GROUP_TILES.
struct Sums {
    s0: vec2f,
    s1: vec2f,
    s2: vec2f,
    s3: vec2f,
    s4: vec2f,
    s5: vec2f,
    s6: vec2f,
    s7: vec2f,
}

fn first_of(sums: Sums) -> vec2f {
    if (GROUP_TILES == 8u) {
        return sums.s0;
    }
    if (GROUP_TILES == 6u) {
        return sums.s2;
    }
    return sums.s4;
}

fn turned(sums: Sums, last: vec2f) -> Sums {
    return Sums(sums.s1, sums.s2, sums.s3, sums.s4, sums.s5, sums.s6, sums.s7, last);
}
