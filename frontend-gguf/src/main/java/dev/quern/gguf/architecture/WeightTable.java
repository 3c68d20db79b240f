package dev.quern.gguf.architecture;

import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufTensor;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.Quote;
import dev.quern.ir.Encoding;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns tensors of a file into weights of a module. Each request names the tensor and the shape that the
 * hyper-parameters call for; what is missing or different goes to the findings, and a stand-in of the right shape comes
 * back, so that all requests can be made before the file is refused.
 */
final class WeightTable {
    private static final String ENDING = ".weight";

    private final GgufFile file;
    private final Findings findings;
    private final Map<String, Weight> weights = new LinkedHashMap<>();
    private final Map<GgufTensorType, List<String>> unsupported = new EnumMap<>(GgufTensorType.class);
    private final Set<String> asked = new HashSet<>();
    private final List<GgufTensor> trailing = new ArrayList<>();

    WeightTable(GgufFile file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    /** The encoding of a tensor type, if the graph knows it: types and encodings have the same names. */
    static Optional<Encoding> encoding(GgufTensorType type) {
        return Encoding.named(type.name().toLowerCase(Locale.ROOT));
    }

    /** A matrix by which activations are multiplied, or a table of rows. */
    Value matrix(String name, long rows, long columns) {
        return weight(name, List.of(columns, rows), "a matrix of " + rows + " rows of " + columns);
    }

    /** A vector, stored as f32. */
    Value vector(String name, long elements) {
        asked.add(name);
        Optional<GgufTensor> tensor = file.tensor(name);
        if (tensor.isPresent() && tensor.get().type() != GgufTensorType.F32) {
            findings.error(
                    where(tensor.get()),
                    "The tensor is " + tensor.get().shape() + ", but vectors must be stored as F32.");
            return Value.weight(name, TensorType.of(Encoding.Scalar.F32, elements));
        }
        return weight(name, List.of(elements), "a vector of " + elements);
    }

    /** A vector that must be there, but is no weight of this module. */
    void unused(String name, long elements) {
        weights.remove(vector(name, elements).name());
    }

    /** Whether the file has the tensor. */
    boolean has(String name) {
        return file.tensor(name).isPresent();
    }

    /** The weights asked for so far, in the order in which they were asked for first. */
    List<Weight> weights() {
        return List.copyOf(weights.values());
    }

    /** Refuses a tensor that takes part in the computation elsewhere, unless it was asked for here. */
    void refuseUnlessAsked(String name, String what) {
        file.tensor(name).filter(tensor -> !asked.contains(name)).ifPresent(tensor -> {
            asked.add(name);
            findings.error(where(tensor), what + " are not supported yet by this architecture.");
        });
    }

    /** Reports types that cannot be run, and tensors that nobody asked for. */
    void finish() {
        unsupported.forEach((type, names) -> findings.error(
                where(file.requireTensor(names.getFirst())),
                "The tensor is stored as " + type
                        + (names.size() == 1 ? "" : " (as are " + (names.size() - 1) + " more)")
                        + ", which Quern does not run. It runs " + supportedTypes()
                        + ". Fetch the model in one of these types (Q4_K_M and Q8_0 are widely offered), or convert it "
                        + "from the original again."));
        if (!trailing.isEmpty()) {
            GgufTensor first = trailing.getFirst();
            findings.warning(
                    where(first),
                    "The tensor is " + first.shape()
                            + (trailing.size() == 1 ? "" : " (and " + (trailing.size() - 1) + " more are such)")
                            + "; extents of 1 at the end say nothing and are passed over.");
        }
        for (GgufTensor tensor : file.tensors()) {
            if (!asked.contains(tensor.name())) {
                findings.warning(where(tensor), "The tensor is not used by this architecture.");
            }
        }
    }

    private Value weight(String name, List<Long> extents, String expected) {
        asked.add(name);
        String weightName = name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
        Optional<GgufTensor> tensor = file.tensor(name);
        Encoding encoding = Encoding.Scalar.F32;
        if (tensor.isEmpty()) {
            findings.error("tensor " + Quote.of(name), "The tensor is missing; " + expected + " was expected.");
        } else if (!shape(tensor.get().extents()).equals(shape(extents))) {
            boolean transposed = extents.size() == 2
                    && shape(tensor.get().extents()).equals(shape(List.of(extents.get(1), extents.get(0))));
            findings.error(
                    where(tensor.get()),
                    "The tensor is " + tensor.get().shape() + ", but " + expected + " was expected, "
                            + GgufTensor.shape(tensor.get().type(), extents)
                            + (transposed ? ". It lies transposed in the file." : ", by the hyper-parameters."));
        } else {
            if (!tensor.get().extents().equals(extents)) {
                trailing.add(tensor.get());
            }
            Optional<Encoding> known = encoding(tensor.get().type());
            if (known.isEmpty()) {
                unsupported
                        .computeIfAbsent(tensor.get().type(), type -> new ArrayList<>())
                        .add(name);
            }
            encoding = known.orElse(encoding);
        }
        List<Long> shape = new ArrayList<>(extents);
        Collections.reverse(shape);
        var type = TensorType.of(
                encoding, shape.stream().mapToLong(Long::longValue).toArray());
        return weights.computeIfAbsent(weightName, key -> new Weight(key, type, List.of(name)))
                .value();
    }

    /** Extents without the ones at the end, which say nothing: a vector may be written as a matrix of one row. */
    private static List<Long> shape(List<Long> extents) {
        int rank = extents.size();
        while (rank > 1 && extents.get(rank - 1) == 1) {
            rank--;
        }
        return extents.subList(0, rank);
    }

    private static String supportedTypes() {
        var names = new ArrayList<String>();
        for (GgufTensorType type : GgufTensorType.values()) {
            if (encoding(type).isPresent()) {
                names.add(type.name());
            }
        }
        return String.join(", ", names);
    }

    private static String where(GgufTensor tensor) {
        return "offset " + tensor.offset() + ", tensor " + Quote.of(tensor.name());
    }
}
