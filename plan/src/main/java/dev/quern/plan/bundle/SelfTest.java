package dev.quern.plan.bundle;

import dev.quern.plan.BundleException;
import dev.quern.plan.json.JsonText;
import dev.quern.plan.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What every step of {@code step} must leave when it reads the last of some tokens: so that a device can be proved, and
 * a kernel that is wrong there be named.
 *
 * @param tokens read one after another from position 0
 * @param digests of the results of the last token's steps, in order
 * @param gap steps that are left out; their kernels run in others
 */
public record SelfTest(List<Integer> tokens, List<Digest> digests, Optional<Gap> gap) {
    /** The file in a bundle. */
    public static final String FILE = "selftest.json";

    /** Elements that a digest keeps. */
    private static final int SAMPLES = 8;

    public SelfTest {
        tokens = List.copyOf(tokens);
        digests = List.copyOf(digests);
    }

    /** A test that leaves no step out. */
    public SelfTest(List<Integer> tokens, List<Digest> digests) {
        this(tokens, digests, Optional.empty());
    }

    /**
     * Steps that are left out.
     *
     * @param from label of the first of them
     * @param to label of the first behind them
     * @param moves what steps before the gap have left, and the steps behind it read elsewhere
     */
    public record Gap(String from, String to, List<Move> moves) {
        public Gap {
            moves = List.copyOf(moves);
        }
    }

    /** What one step has left is put where another, which is left out, would have left the like. */
    public record Move(Place from, Place to) {}

    /**
     * Where a step leaves a result.
     *
     * @param label of the step
     * @param binding of the step
     */
    public record Place(String label, int binding) {}

    /**
     * A result, abridged.
     *
     * @param label of the step
     * @param binding of the step that it is left in
     * @param elements how many there are
     * @param norm the root of the sum of their squares
     * @param sample elements evenly spread, the first among them
     */
    public record Digest(String label, int binding, int elements, double norm, List<Double> sample) {
        public Digest {
            sample = List.copyOf(sample);
        }

        /** The digest of a result. */
        public static Digest of(String label, int binding, float[] values) {
            double squares = 0;
            for (float value : values) {
                squares += (double) value * value;
            }
            List<Double> sample = new ArrayList<>();
            for (int index = 0; index < Math.min(SAMPLES, values.length); index++) {
                sample.add((double) values[(int) ((long) index * values.length / SAMPLES)]);
            }
            return new Digest(label, binding, values.length, Math.sqrt(squares), sample);
        }

        /**
         * Whether another digest is of the same result, computed elsewhere.
         *
         * @param tolerance what may differ, as a part of the root mean square
         */
        public boolean agrees(Digest other, double tolerance) {
            if (elements != other.elements || !(Math.abs(norm - other.norm) <= tolerance * norm)) {
                return false;
            }
            double room = tolerance * norm / Math.sqrt(elements);
            for (int index = 0; index < sample.size(); index++) {
                // Written so that NaN does not agree.
                if (!(Math.abs(sample.get(index) - other.sample.get(index))
                        <= room + tolerance * Math.abs(sample.get(index)))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The text of {@code selftest.json}. */
    public String write() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format_version", Manifest.FORMAT_VERSION);
        json.put("tokens", tokens);
        gap.ifPresent(steps -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("from", steps.from());
            one.put("to", steps.to());
            one.put(
                    "moves",
                    steps.moves().stream()
                            .map(move -> List.of(write(move.from()), write(move.to())))
                            .toList());
            json.put("gap", one);
        });
        List<Object> list = new ArrayList<>();
        for (Digest digest : digests) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("label", digest.label());
            one.put("binding", digest.binding());
            one.put("elements", digest.elements());
            one.put("norm", digest.norm());
            one.put("sample", digest.sample());
            list.add(one);
        }
        json.put("digests", list);
        return JsonText.print(json);
    }

    /** Reads {@code selftest.json}. */
    public static SelfTest read(String text) {
        JsonValue json = JsonValue.parse(FILE, text);
        ManifestJson.checkVersion(json);
        return new SelfTest(
                json.field("tokens").list(JsonValue::count),
                json.field("digests")
                        .list(one -> new Digest(
                                one.field("label").text(),
                                one.field("binding").count(),
                                one.field("elements").count(),
                                one.field("norm").number(),
                                one.field("sample").list(JsonValue::number))),
                json.has("gap") ? Optional.of(readGap(json.field("gap"))) : Optional.empty());
    }

    private static Gap readGap(JsonValue json) {
        return new Gap(
                json.field("from").text(),
                json.field("to").text(),
                json.field("moves").list(move -> {
                    List<Place> places = move.list(SelfTest::readPlace);
                    if (places.size() != 2) {
                        throw new BundleException(FILE + ": a move has 2 places, not " + places.size() + ".");
                    }
                    return new Move(places.getFirst(), places.getLast());
                }));
    }

    private static Place readPlace(JsonValue json) {
        return new Place(json.field("label").text(), json.field("binding").count());
    }

    private static Map<String, Object> write(Place place) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("label", place.label());
        json.put("binding", place.binding());
        return json;
    }
}
