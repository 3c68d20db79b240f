package dev.quern.gguf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a model that was split into several files. Each is a container: the first has all metadata, and every one a
 * part of the tensors and says which it is ({@code split.no}, from 0) of how many ({@code split.count}). What comes of
 * them is one container over all bytes, whose tensors lie at offsets into the files taken together.
 */
final class SplitModel {
    private static final String NUMBER = "split.no";
    private static final String COUNT = "split.count";

    private final List<ByteSource> parts;
    private final Findings findings;

    private SplitModel(List<ByteSource> parts, Findings findings) {
        this.parts = parts;
        this.findings = findings;
    }

    /**
     * Reads all containers.
     *
     * @throws GgufException with all that is wrong with any of them, or with how they fit together
     */
    static GgufFile read(ByteSource whole) {
        var findings = new Findings();
        List<GgufFile> files = new SplitModel(whole.parts(), findings).files();
        findings.throwIfErrors();
        List<GgufTensor> tensors = tensors(files, findings);
        findings.throwIfErrors();
        GgufFile first = files.getFirst();
        return new GgufFile(
                whole,
                first.version(),
                first.metadata(),
                tensors,
                first.alignment(),
                first.dataStart(),
                findings.warnings());
    }

    private List<GgufFile> files() {
        List<GgufFile> files = new ArrayList<>();
        for (int index = 0; index < parts.size(); index++) {
            String place = place(index) + ", ";
            ByteSource part = parts.get(index);
            var own = new Findings();
            Optional<GgufFile> file = own.attemptReading(() -> GgufReader.readOne(part));
            if (file.isPresent()) {
                file.get().warnings().forEach(own::add);
                require(file.get().metadata(), NUMBER, index, own);
                require(file.get().metadata(), COUNT, parts.size(), own);
                files.add(file.get());
            }
            own.list()
                    .forEach(finding ->
                            findings.add(new Finding(finding.severity(), place + finding.where(), finding.message())));
        }
        return files;
    }

    private static void require(GgufMetadata metadata, String key, long expected, Findings findings) {
        long found =
                findings.attempt(() -> metadata.findInteger(key).orElse(-1)).orElse(expected);
        if (found != expected) {
            findings.error(
                    metadata.where(key),
                    "The value is " + (found < 0 ? "missing" : Long.toString(found)) + ", but " + expected
                            + " was expected: the files are no parts of one model, or their names were changed.");
        }
    }

    private static List<GgufTensor> tensors(List<GgufFile> files, Findings findings) {
        List<GgufTensor> tensors = new ArrayList<>();
        Map<String, Integer> homes = new HashMap<>();
        long start = 0;
        for (int index = 0; index < files.size(); index++) {
            for (GgufTensor tensor : files.get(index).tensors()) {
                Integer other = homes.putIfAbsent(tensor.name(), index);
                if (other != null) {
                    findings.error(
                            place(index) + ", tensor " + Quote.of(tensor.name()),
                            "The tensor is in " + place(other) + " already.");
                }
                tensors.add(new GgufTensor(
                        tensor.name(), tensor.type(), tensor.extents(), start + tensor.offset(), tensor.bytes()));
            }
            start += files.get(index).source().size();
        }
        return tensors;
    }

    /** A file, as people count them. */
    private static String place(int index) {
        return "file " + (index + 1);
    }
}
