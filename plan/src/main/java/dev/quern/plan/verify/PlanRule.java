package dev.quern.plan.verify;

/** The rules of {@link PlanVerifier}. Each has a golden file that breaks it. */
public enum PlanRule {
    // Names.
    /** Symbols have names of their own. */
    SYMBOL_ONCE,
    /** Kernels have names of their own. */
    KERNEL_ONCE,
    /** Entry points have names of their own. */
    ENTRY_POINT_ONCE,
    /** Buffers and weights have names of their own, among each other. */
    RESOURCE_ONCE,
    /** A symbol's bound is at least 1. */
    SYMBOL_BOUND,

    // Buffers.
    /** A buffer's size is a positive multiple of 4. */
    BUFFER_SIZE,
    /** A buffer is within {@code maxBufferSize}. */
    BUFFER_LIMIT,
    /** {@code prefill} has the symbol {@code tokens}. */
    PREFILL_TOKENS,
    /** There is one buffer for tokens, position, logits and ring where an entry point needs it. */
    ROLE_ONCE,
    /** Such a buffer is large enough. */
    ROLE_SIZE,
    /** A state says how its rows are kept and holds a whole number of them; no other buffer has rows. */
    STATE_ROWS,

    // Weights.
    /** A weight's size is a positive multiple of 16. */
    WEIGHT_SIZE,
    /** A weight in a buffer can be bound as a whole. */
    WEIGHT_LIMIT,
    /** A weight in a texture is within {@code maxTextureDimension2D}. */
    TEXTURE_LIMIT,
    /** A segment has a positive size and an offset that is a multiple of 256. */
    SEGMENT_OFFSET,
    /** All segments of a texture but the last are whole rows. */
    SEGMENT_ROWS,
    /** The segments of a weight add up to its size. */
    SEGMENT_SUM,

    // Kernels.
    /** A kernel binds no more storage buffers than every device accepts. */
    STORAGE_BUFFERS,
    /** A kernel binds no more storage textures than every device accepts. */
    STORAGE_TEXTURES,
    /** A kernel binds no more sampled textures than every device accepts. */
    SAMPLED_TEXTURES,
    /** Subgroups are used only where the profile relies on them. */
    SUBGROUPS,

    // Entry points and their steps.
    /** An entry point is one of those that a runtime knows. */
    ENTRY_POINT_KNOWN,
    /** A step names a kernel of the plan. */
    KERNEL_THERE,
    /** A step binds as many resources as its kernel has bindings. */
    BINDING_COUNT,
    /** What is bound is a buffer or weight of the plan. */
    RESOURCE_THERE,
    /** A buffer is not bound as a texture. */
    BUFFER_ACCESS,
    /** The offset in a buffer is a multiple of 256. */
    BINDING_OFFSET,
    /** The size of a binding is a positive multiple of 4. */
    BINDING_SIZE,
    /** A binding lies within its buffer. */
    BINDING_WITHIN,
    /** A binding is within {@code maxStorageBufferBindingSize}. */
    BINDING_LIMIT,
    /** A weight is bound as a whole. */
    WEIGHT_WHOLE,
    /** A weight is accessed as its placement allows. */
    WEIGHT_ACCESS,
    /** A uniform has a multiple of 16 bytes, at most as many as every device accepts. */
    UNIFORM_SIZE,
    /** No dispatch binds one buffer for reading and for writing. */
    ONE_ACCESS,
    /** No dispatch binds overlapping parts of a buffer for writing. */
    WRITES_DISJOINT,
    /** A grid has three extents. */
    GRID_AXES,
    /** A grid depends on no symbol but {@code tokens}, and in {@code prefill} alone. */
    GRID_SYMBOL,
    /** The symbol of a grid is one of the plan. */
    GRID_SYMBOL_THERE,
    /** A grid has from 1 to {@code maxComputeWorkgroupsPerDimension} workgroups, whatever the symbols are. */
    GRID_LIMIT,

    // The memory certificate.
    /** The arenas' buffers are as large as the certificate says. */
    ARENA_SIZE,
    /** A region lies within the arenas. */
    REGION_WITHIN,
    /** A region lives from a step of its entry point to the same or a later one. */
    REGION_LIFE,
    /** Regions that live at one time are disjoint. */
    REGION_DISJOINT,
    /** The lower bound is the largest sum of sizes that live at one time. */
    LOWER_BOUND
}
