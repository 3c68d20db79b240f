// gives: floats
// Floats: a block of 32 elements is a chunk of its own, and there is no header.
// links: load_block
const HEADER: u32 = 0u;
const CHUNK: u32 = 1u;

struct Header {
    none: u32,
}

fn header(at: u32) -> Header {
    return Header(0u);
}

fn dot_block(head: Header, index: u32, at: u32, x: Block, sum: f32) -> f32 {
    return dot_blocks(load_block(head, index, at), x);
}
