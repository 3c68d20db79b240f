package dev.quern.ir;

/**
 * How a weight is kept for the device, decided when kernels are selected.
 *
 * @param layout the order of its bits
 * @param placement the kind of resource
 */
public record Storage(Layout layout, Placement placement) {}
