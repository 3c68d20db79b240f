// gives: iq4
// The sixteen numbers that the codes of iq4_nl and iq4_xs stand for, from -127 to 113. A polynomial of the fourth degree, rounded to
// the nearest integer, gives them all: it is nowhere farther than 0.435 from the number. A table would be read element by element.

// The numbers of the low nibbles of a word's bytes. A nibble is not shifted down: masked in place it is code * 256^p for place p.
fn values_of(word: u32) -> vec4f {
    let code = vec4f(vec4i(vec4u(word) & vec4u(0xfu, 0xf00u, 0xf0000u, 0xf000000u)))
        * vec4f(1.0, 0x1p-8, 0x1p-16, 0x1p-24);
    let cubic = fma(fma(code, vec4f(0.00158604), vec4f(0.0310864)), code, vec4f(-1.37193));
    return round(fma(fma(cubic, code, vec4f(24.1738)), code, vec4f(-126.567)));
}
