// gives: quants
// The weights of any encoding for a kernel of four lanes: decoded, then multiplied.
// links: texel, header, load_block
struct Scales {
    head: Header,
}

fn step_scales(tile: Anchor, row: u32, step: Step) -> Scales {
    return Scales(header(tile.index + row));
}

fn quants_of(scales: Scales, tile: Anchor, row: u32, step: Step, which: u32) -> Block {
    return load_block(scales.head, step.index + which, tile.index + row + step.quants + which * step.next);
}

fn scaled_sum(scales: Scales, which: u32, product: f32, input: Input) -> f32 {
    return product;
}

fn placed_for_quants(own: Own, lane: u32) -> Own {
    return own;
}

fn correction_of(own: Own, lane: u32) -> f32 {
    return 0.0;
}
