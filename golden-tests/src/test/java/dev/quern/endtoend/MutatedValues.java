package dev.quern.endtoend;

import dev.quern.gguf.GgufString;
import dev.quern.gguf.GgufValue;
import dev.quern.gguf.GgufValue.BooleanValue;
import dev.quern.gguf.GgufValue.FloatValue;
import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.GgufValue.StringValue;
import dev.quern.gguf.ValueType;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Values that files have by accident or malice: of every type, at the ends of their ranges, no numbers, arrays of any
 * length.
 */
final class MutatedValues {
    private static final List<ValueType> INTEGERS =
            Arrays.stream(ValueType.values()).filter(ValueType::isInteger).toList();
    private static final long[] WHOLE = {
        0,
        1,
        -1,
        2,
        3,
        4,
        7,
        12,
        16,
        32,
        48,
        255,
        256,
        299,
        300,
        301,
        4096,
        65_536,
        Integer.MAX_VALUE,
        1L << 31,
        0xffff_ffffL,
        1L << 32,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };
    private static final double[] BROKEN = {
        0,
        -0.0,
        1,
        -1,
        0.5,
        2,
        4,
        1e-5,
        1e-30,
        1e30,
        1e300,
        1e-300,
        Float.MAX_VALUE,
        Float.MIN_VALUE,
        Double.MIN_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
    };
    private static final List<String> TEXTS = List.of(
            "",
            "x",
            "llama",
            "gpt2",
            "bert",
            "none",
            "linear",
            "yarn",
            "longrope",
            "gemma2",
            "default",
            "llama-bpe",
            "qwen2",
            "tekken",
            "deepseek-coder",
            "deepseek-v3",
            "glm4",
            "model",
            "adapter",
            "silu",
            "Phi-3",
            "a b",
            "\ud83d\ude00",
            "\u001b]52;c;x\u0007",
            "{{ messages }}",
            "{% for m in messages %}{{ m }}",
            "{{ x +");
    private static final int[] LENGTHS = {0, 1, 2, 3, 299, 300, 301, 512};

    private final SplittableRandom random;

    MutatedValues(SplittableRandom random) {
        this.random = random;
    }

    /** A value of any type. */
    GgufValue any() {
        return switch (random.nextInt(8)) {
            case 0, 1 -> integer(INTEGERS.get(random.nextInt(INTEGERS.size())), whole());
            case 2, 3 -> number();
            case 4 -> new BooleanValue(random.nextBoolean());
            case 5 -> string();
            case 6 -> array(LENGTHS[random.nextInt(LENGTHS.length)]);
            default -> strings(LENGTHS[random.nextInt(LENGTHS.length)]);
        };
    }

    /** What most keys take for nothing. */
    GgufValue nothing() {
        return switch (random.nextInt(4)) {
            case 0 -> new BooleanValue(random.nextBoolean());
            case 1 -> new FloatValue(ValueType.F32, random.nextInt(2));
            case 2 -> new IntegerValue(ValueType.U32, random.nextInt(2));
            default -> NumberArray.ofIntegers(ValueType.I32, new long[random.nextInt(4)]);
        };
    }

    /**
     * Another value that is like one: of another width, a little more or less, shorter or longer, with one element
     * changed.
     */
    GgufValue like(GgufValue old) {
        return switch (old) {
            case IntegerValue integer ->
                switch (random.nextInt(3)) {
                    case 0 -> integer(INTEGERS.get(random.nextInt(INTEGERS.size())), integer.value());
                    case 1 -> integer(integer.type(), integer.value() + random.nextInt(-2, 3));
                    default -> integer(integer.type(), whole());
                };
            case FloatValue number ->
                random.nextInt(3) == 0 ? new FloatValue(ValueType.F64, number.value() * 2) : number();
            case BooleanValue bool -> new BooleanValue(!bool.value());
            case StringValue _ -> string();
            case NumberArray numbers -> like(numbers);
            case StringArray strings -> like(strings);
        };
    }

    private GgufValue like(NumberArray numbers) {
        int length = numbers.length() + (random.nextBoolean() ? 0 : random.nextInt(-2, 3));
        if (length <= 0) {
            return array(1);
        }
        int changed = random.nextInt(length);
        boolean floats = numbers.elementType().isFloat() && random.nextInt(4) > 0;
        if (floats) {
            float[] values = new float[length];
            for (int index = 0; index < length; index++) {
                values[index] = index < numbers.length() ? (float) numbers.numberAt(index) : 0;
            }
            values[changed] = random.nextBoolean() ? values[changed] : (float) broken();
            return NumberArray.ofFloats(values);
        }
        long[] values = new long[length];
        for (int index = 0; index < length; index++) {
            values[index] = index < numbers.length() ? (long) numbers.numberAt(index) : 1;
        }
        values[changed] = random.nextBoolean() ? values[changed] : whole();
        return NumberArray.ofIntegers(random.nextBoolean() ? ValueType.I32 : pickInteger(), values);
    }

    private GgufValue like(StringArray strings) {
        int length = Math.max(1, strings.length() + (random.nextBoolean() ? 0 : random.nextInt(-2, 3)));
        GgufString[] values = new GgufString[length];
        for (int index = 0; index < length; index++) {
            values[index] = index < strings.length() ? strings.at(index) : GgufString.of("more " + index);
        }
        int changed = random.nextInt(length);
        values[changed] = switch (random.nextInt(4)) {
            case 0 -> values[random.nextInt(length)];
            case 1 -> GgufString.of(new byte[] {(byte) 0xe2, (byte) random.nextInt()});
            case 2 -> GgufString.of("<|im_end|>");
            default -> GgufString.of(text());
        };
        return StringArray.of(values);
    }

    private GgufValue array(int length) {
        if (random.nextBoolean()) {
            float[] values = new float[length];
            for (int index = 0; index < length; index++) {
                values[index] = random.nextInt(8) == 0 ? (float) broken() : -index;
            }
            return NumberArray.ofFloats(values);
        }
        boolean truths = random.nextInt(6) == 0;
        long[] values = new long[length];
        for (int index = 0; index < length; index++) {
            long value = random.nextInt(8) == 0 ? whole() : random.nextInt(4);
            values[index] = truths ? value & 1 : value;
        }
        return NumberArray.ofIntegers(truths ? ValueType.BOOL : pickInteger(), values);
    }

    private GgufValue strings(int length) {
        String[] values = new String[length];
        for (int index = 0; index < length; index++) {
            values[index] = random.nextInt(4) == 0 ? text() : "t" + index;
        }
        return StringArray.of(values);
    }

    private GgufValue string() {
        return new StringValue(
                random.nextInt(8) == 0
                        ? GgufString.of(new byte[] {'a', (byte) 0xff, (byte) 0xed, (byte) 0xa0, (byte) 0x80})
                        : GgufString.of(text()));
    }

    private GgufValue number() {
        return random.nextBoolean()
                ? new FloatValue(ValueType.F32, (float) broken())
                : new FloatValue(ValueType.F64, broken());
    }

    /** An integer cut to the width of its type. */
    private static GgufValue integer(ValueType type, long value) {
        int unused = Long.SIZE - type.bytes() * Byte.SIZE;
        return switch (type) {
            case I8, I16, I32, I64 -> new IntegerValue(type, value << unused >> unused);
            case U8, U16, U32, U64, F32, BOOL, STRING, ARRAY, F64 -> new IntegerValue(type, value << unused >>> unused);
        };
    }

    private ValueType pickInteger() {
        return INTEGERS.get(random.nextInt(INTEGERS.size()));
    }

    private long whole() {
        return WHOLE[random.nextInt(WHOLE.length)];
    }

    private double broken() {
        return BROKEN[random.nextInt(BROKEN.length)];
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }
}
