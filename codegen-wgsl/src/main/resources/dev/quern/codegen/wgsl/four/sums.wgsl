// gives: sums
// The sums of up to sixteen tiles, of two rows a lane each: row `lane` and row `4 + lane` of the tile. Drivers that keep no array in
// registers still keep these: a loop over the tiles takes the first and puts last what becomes of it, so that after a whole round of
// GROUP_TILES every sum is where it was: the first tile's in place 16 - GROUP_TILES.
struct Sums {
    s0: vec2f,
    s1: vec2f,
    s2: vec2f,
    s3: vec2f,
    s4: vec2f,
    s5: vec2f,
    s6: vec2f,
    s7: vec2f,
    s8: vec2f,
    s9: vec2f,
    s10: vec2f,
    s11: vec2f,
    s12: vec2f,
    s13: vec2f,
    s14: vec2f,
    s15: vec2f,
}

fn first_of(sums: Sums) -> vec2f {
    if (GROUP_TILES == 16u) {
        return sums.s0;
    }
    if (GROUP_TILES == 8u) {
        return sums.s8;
    }
    if (GROUP_TILES == 6u) {
        return sums.s10;
    }
    return sums.s12;
}

fn turned(sums: Sums, last: vec2f) -> Sums {
    return Sums(
        sums.s1, sums.s2, sums.s3, sums.s4, sums.s5, sums.s6, sums.s7, sums.s8,
        sums.s9, sums.s10, sums.s11, sums.s12, sums.s13, sums.s14, sums.s15, last);
}
