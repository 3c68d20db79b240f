package dev.quern.ir;

import java.util.List;

/**
 * How many workgroups a dispatch has.
 *
 * @param axes along x, y and z; those that are left out are 1
 */
public record Grid(List<Extent> axes) {
    public Grid {
        axes = List.copyOf(axes);
    }

    /** A grid of three axes. */
    public static Grid of(Extent x, Extent y, Extent z) {
        return new Grid(List.of(x, y, z));
    }

    /**
     * The number of workgroups along one axis: {@code ceil(factor * dim / divisor)}.
     *
     * @param dim a fixed extent or a symbol
     */
    public record Extent(Dim dim, long factor, long divisor) {
        /** As many as that, whatever the symbols are. */
        public static Extent fixed(long groups) {
            return new Extent(new Dim.Fixed(groups), 1, 1);
        }

        /** The number of workgroups when the dimension has this extent. */
        public long at(long extent) {
            return Math.ceilDiv(Math.multiplyExact(extent, factor), divisor);
        }

        /** The largest number of workgroups. */
        public long max() {
            return at(dim.max());
        }
    }
}
