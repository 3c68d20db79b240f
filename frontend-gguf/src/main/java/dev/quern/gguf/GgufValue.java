package dev.quern.gguf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A metadata value with the type that the file gives it. */
public sealed interface GgufValue {
    /** The value's type; {@link ValueType#ARRAY} for arrays. */
    ValueType type();

    /** The type and the value for people, cut where it is long: {@code u32 7}, {@code array of 512 strings}. */
    String describe();

    /** The nearest floating-point number to an unsigned one. */
    private static double unsigned(long bits) {
        double half = (bits >>> 1) | (bits & 1);
        return bits >= 0 ? bits : 2 * half;
    }

    /**
     * An integer of any width.
     *
     * @param value the value; a {@link ValueType#U64} of 2^63 or more is negative here
     */
    record IntegerValue(ValueType type, long value) implements GgufValue {
        /** Checks that the type is an integer type. */
        public IntegerValue {
            if (!type.isInteger()) {
                throw new IllegalArgumentException(type.label() + " is no integer type");
            }
        }

        /** The nearest floating-point number. */
        public double toDouble() {
            return type == ValueType.U64 ? unsigned(value) : value;
        }

        @Override
        public String describe() {
            return type.label() + " " + (type == ValueType.U64 ? Long.toUnsignedString(value) : Long.toString(value));
        }
    }

    /** A number of type f32 or f64. */
    record FloatValue(ValueType type, double value) implements GgufValue {
        /** Checks that the type is a floating-point type. */
        public FloatValue {
            if (!type.isFloat()) {
                throw new IllegalArgumentException(type.label() + " is no floating-point type");
            }
        }

        @Override
        public String describe() {
            return type.label() + " " + value;
        }
    }

    /** A truth value. */
    record BooleanValue(boolean value) implements GgufValue {
        @Override
        public ValueType type() {
            return ValueType.BOOL;
        }

        @Override
        public String describe() {
            return "bool " + value;
        }
    }

    /** A string. */
    record StringValue(GgufString value) implements GgufValue {
        @Override
        public ValueType type() {
            return ValueType.STRING;
        }

        @Override
        public String describe() {
            return "string " + value;
        }
    }

    /** An array of numbers or truth values, kept in the bytes of the file: compact, whatever the element type. */
    final class NumberArray implements GgufValue {
        private final ValueType elementType;
        private final byte[] data;

        NumberArray(ValueType elementType, byte[] data) {
            this.elementType = elementType;
            this.data = data;
        }

        /** An array of integers, or of truth values as 0 and 1; each value is cut to the width of the type. */
        public static NumberArray ofIntegers(ValueType elementType, long... values) {
            if (!elementType.isInteger() && elementType != ValueType.BOOL) {
                throw new IllegalArgumentException(elementType.label() + " is no integer type");
            }
            var out = new LittleEndianWriter();
            for (long value : values) {
                out.integer(value, elementType.bytes());
            }
            return new NumberArray(elementType, out.toBytes());
        }

        /** An array of f32. */
        public static NumberArray ofFloats(float... values) {
            var out = new LittleEndianWriter();
            for (float value : values) {
                out.integer(Float.floatToRawIntBits(value), Float.BYTES);
            }
            return new NumberArray(ValueType.F32, out.toBytes());
        }

        @Override
        public ValueType type() {
            return ValueType.ARRAY;
        }

        /** The type of every element. */
        public ValueType elementType() {
            return elementType;
        }

        /** The number of elements. */
        public int length() {
            return data.length / elementType.bytes();
        }

        /** An element of an integer or truth-value array; a u64 of 2^63 or more comes out negative. */
        public long integerAt(int index) {
            int at = index * elementType.bytes();
            long bits = bitsAt(index);
            return switch (elementType) {
                case I8 -> (byte) bits;
                case I16 -> (short) bits;
                case I32 -> (int) bits;
                case U8, U16, U32, U64, I64, BOOL -> bits;
                case F32, F64, STRING, ARRAY ->
                    throw new IllegalStateException("no integer at byte " + at + " of an array of " + elementType);
            };
        }

        /** An element of an f32 or f64 array. */
        public double floatAt(int index) {
            long bits = bitsAt(index);
            return switch (elementType) {
                case F32 -> Float.intBitsToFloat((int) bits);
                case F64 -> Double.longBitsToDouble(bits);
                case U8, I8, U16, I16, U32, I32, U64, I64, BOOL, STRING, ARRAY ->
                    throw new IllegalStateException("no floating-point number in an array of " + elementType);
            };
        }

        /** An element of an array of integers or floating-point numbers, as the nearest floating-point number. */
        public double numberAt(int index) {
            return switch (elementType) {
                case F32, F64 -> floatAt(index);
                case U64 -> unsigned(integerAt(index));
                case U8, I8, U16, I16, U32, I32, I64, BOOL, STRING, ARRAY -> integerAt(index);
            };
        }

        private long bitsAt(int index) {
            int width = elementType.bytes();
            int at = Math.multiplyExact(index, width);
            long bits = 0;
            for (int i = width - 1; i >= 0; i--) {
                bits = bits << 8 | (data[at + i] & 0xff);
            }
            return bits;
        }

        /** The bytes as in a file. */
        byte[] data() {
            return data;
        }

        @Override
        public String describe() {
            return "array of " + length() + " " + elementType.label();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof NumberArray that
                    && elementType == that.elementType
                    && Arrays.equals(data, that.data);
        }

        @Override
        public int hashCode() {
            return 31 * elementType.id() + Arrays.hashCode(data);
        }

        @Override
        public String toString() {
            return describe();
        }
    }

    /** An array of strings: all bytes in one block, so that half a million merges are two objects. */
    final class StringArray implements GgufValue {
        private final byte[] block;
        private final int[] ends;

        /** @param ends where each string ends in the block; each begins where the one before ends */
        StringArray(byte[] block, int[] ends) {
            this.block = block;
            this.ends = ends;
        }

        /** An array of texts, as UTF-8. */
        public static StringArray of(String... texts) {
            var strings = new GgufString[texts.length];
            for (int i = 0; i < texts.length; i++) {
                strings[i] = GgufString.of(texts[i]);
            }
            return of(strings);
        }

        /** An array of strings. */
        public static StringArray of(GgufString... strings) {
            var out = new LittleEndianWriter();
            int[] ends = new int[strings.length];
            for (int i = 0; i < strings.length; i++) {
                out.bytes(strings[i].bytes());
                ends[i] = out.size();
            }
            return new StringArray(out.toBytes(), ends);
        }

        @Override
        public ValueType type() {
            return ValueType.ARRAY;
        }

        /** The number of strings. */
        public int length() {
            return ends.length;
        }

        /** The number of bytes of a string. */
        public int bytesAt(int index) {
            return ends[index] - start(index);
        }

        /** A string. */
        public GgufString at(int index) {
            return GgufString.owning(Arrays.copyOfRange(block, start(index), ends[index]));
        }

        /** The text of a string; bytes that are no UTF-8 appear as U+FFFD. */
        public String textAt(int index) {
            return new String(block, start(index), bytesAt(index), StandardCharsets.UTF_8);
        }

        private int start(int index) {
            return index == 0 ? 0 : ends[index - 1];
        }

        @Override
        public String describe() {
            return "array of " + length() + " strings";
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof StringArray that
                    && Arrays.equals(ends, that.ends)
                    && Arrays.equals(block, that.block);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(ends) + Arrays.hashCode(block);
        }

        @Override
        public String toString() {
            return describe();
        }
    }
}
