package dev.quern.endtoend;

import dev.quern.gguf.GgufWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What files of an architecture hold beside what those of {@code llama} do. It is written down here a second time, from
 * llama.cpp's sources, so that a mistake in the compiler's description does not hide itself.
 *
 * @param name for people
 * @param architecture {@code general.architecture}
 * @param normsBefore whether blocks normalise what they read
 * @param normsAfter whether blocks normalise what they leave
 * @param headGains gains for queries and keys
 * @param joined whether queries, keys and values are one tensor, and gate and up another
 * @param biases the products that have a bias, by role
 * @param longFactors how many factors of frequencies there are for long contexts, and as many for short ones
 * @param embeddingGain by which the elements of the embedding are larger than one over the root of its width; 0: by
 *     that root
 * @param keys writes the keys that no shape says
 */
record Kind(
        String name,
        String architecture,
        boolean normsBefore,
        boolean normsAfter,
        HeadGains headGains,
        boolean joined,
        Set<String> biases,
        int longFactors,
        double embeddingGain,
        List<Consumer<Keys>> keys) {
    /** What other tests use. */
    static final Kind LLAMA = of("llama");

    Kind {
        biases = Set.copyOf(biases);
        keys = List.copyOf(keys);
    }

    /** Gains for queries and keys. */
    enum HeadGains {
        NONE,
        EACH_HEAD,
        WHOLE_ROW
    }

    /** Keys under the name of an architecture. */
    record Keys(GgufWriter writer, String architecture) {
        void number(String ending, double value) {
            writer.f32(architecture + "." + ending, (float) value);
        }

        void count(String ending, int value) {
            writer.u32(architecture + "." + ending, value);
        }

        void text(String ending, String value) {
            writer.string(architecture + "." + ending, value);
        }

        void truth(String ending, boolean value) {
            writer.bool(architecture + "." + ending, value);
        }
    }

    /** A kind that differs from {@code llama} in its name alone. */
    static Kind of(String architecture) {
        return new Kind(architecture, architecture, true, false, HeadGains.NONE, false, Set.of(), 0, 0, List.of());
    }

    /** The same under another name, with further keys. */
    Kind with(String newName, Consumer<Keys> further) {
        var all = new ArrayList<>(keys);
        all.add(further);
        return new Kind(
                newName,
                architecture,
                normsBefore,
                normsAfter,
                headGains,
                joined,
                biases,
                longFactors,
                embeddingGain,
                all);
    }

    Kind norms(boolean before, boolean after) {
        return new Kind(name, architecture, before, after, headGains, joined, biases, longFactors, embeddingGain, keys);
    }

    Kind headGains(HeadGains gains) {
        return new Kind(
                name, architecture, normsBefore, normsAfter, gains, joined, biases, longFactors, embeddingGain, keys);
    }

    Kind joining() {
        return new Kind(
                name, architecture, normsBefore, normsAfter, headGains, true, biases, longFactors, embeddingGain, keys);
    }

    Kind biases(String... roles) {
        return new Kind(
                name,
                architecture,
                normsBefore,
                normsAfter,
                headGains,
                joined,
                Set.of(roles),
                longFactors,
                embeddingGain,
                keys);
    }

    Kind embeddingGain(double gain) {
        return new Kind(
                name, architecture, normsBefore, normsAfter, headGains, joined, biases, longFactors, gain, keys);
    }

    Kind longFactors(int count) {
        return new Kind(
                name, architecture, normsBefore, normsAfter, headGains, joined, biases, count, embeddingGain, keys);
    }

    /** Writes the keys. */
    void writeKeys(GgufWriter writer) {
        keys.forEach(each -> each.accept(new Keys(writer, architecture)));
    }

    @Override
    public String toString() {
        return name;
    }
}
