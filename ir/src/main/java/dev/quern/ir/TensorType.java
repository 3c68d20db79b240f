package dev.quern.ir;

import java.util.List;

/**
 * An encoding and a shape, the last axis contiguous: {@code q4_k[2048, 2048]}, {@code f32[?seq, 2048]}.
 *
 * @param encoding how elements are stored; blocks run along the last axis
 * @param shape the extents, outermost first
 */
public record TensorType(Encoding encoding, List<Dim> shape) implements Type {
    public TensorType {
        shape = List.copyOf(shape);
    }

    /** A tensor of fixed extents. */
    public static TensorType of(Encoding encoding, long... extents) {
        Dim[] dims = new Dim[extents.length];
        for (int axis = 0; axis < extents.length; axis++) {
            dims[axis] = new Dim.Fixed(extents[axis]);
        }
        return new TensorType(encoding, List.of(dims));
    }

    /** {@code f32[rows, columns]}. */
    public static TensorType f32(Dim rows, long columns) {
        return new TensorType(Encoding.Scalar.F32, List.of(rows, new Dim.Fixed(columns)));
    }

    /** The extent of the last axis, which is fixed unless it is the only one. */
    public long columns() {
        return shape.getLast().max();
    }

    /** The first axis of a matrix. */
    public Dim rows() {
        return shape.getFirst();
    }

    /** The largest number of elements that the shape can have. */
    public long maxElements() {
        long product = 1;
        for (Dim dim : shape) {
            product = Math.multiplyExact(product, dim.max());
        }
        return product;
    }

    /** The largest number of bytes that the tensor can take. */
    public long maxBytes() {
        long perRow = encoding.bytesOf(columns());
        return Math.multiplyExact(maxElements() / columns(), perRow);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(encoding.text()).append('[');
        for (int axis = 0; axis < shape.size(); axis++) {
            Dim extent = shape.get(axis);
            text.append(axis == 0 ? "" : ", ").append(extent);
        }
        return text.append(']').toString();
    }
}
