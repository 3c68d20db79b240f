// links: block
// Lane q holds elements 4q to 4q + 3 of a block; afterwards every lane holds them all.
fn spread(own: vec4f) -> Block {
    return Block(
        subgroupBroadcast(own, 0u), subgroupBroadcast(own, 1u), subgroupBroadcast(own, 2u), subgroupBroadcast(own, 3u),
        subgroupBroadcast(own, 4u), subgroupBroadcast(own, 5u), subgroupBroadcast(own, 6u), subgroupBroadcast(own, 7u));
}
