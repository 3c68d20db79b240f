package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.bundle.DeviceFile;
import dev.quern.cli.terminal.Terminal;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.json.JsonValue;
import dev.quern.runtime.DeviceInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** {@code inspect --memory} asked of a device that is described in a file, and as a picture. */
class MemoryVerdictTest {
    private static final DeviceInfo PHONE = new DeviceInfo(
            "A phone", DeviceInfo.Kind.INTEGRATED, "Vulkan", "1.2", DeviceProfile.Limits.DEFAULT, 64, 64, true);

    private final Path folder;
    private final Path model;

    MemoryVerdictTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.model = Files.write(folder.resolve("model.gguf"), TrainingRun.model());
    }

    @Test
    void aDeviceOfWhichAllIsKnownWillDo() throws IOException {
        Path device = device(PHONE, OptionalLong.of(1 << 30));
        JsonValue verdict = json("inspect", model.toString(), "--memory", "--device", device.toString(), "--json");
        JsonValue fields = verdict.field("device");
        assertTrue(fields.field("will_do").flag());
        assertEquals("A phone", fields.field("name").text());
        assertEquals("portable", verdict.field("memory").field("profile").text(), "the profile of that device");
        assertEquals(
                fields.field("total_bytes").size(),
                fields.field("weight_bytes").size()
                        + fields.field("state_bytes").size()
                        + fields.field("arena_bytes").size()
                        + fields.field("other_bytes").size());
        Outcome text = run("inspect", model.toString(), "--memory", "--device", device.toString());
        assertTrue(text.out().contains("device   A phone will do, with 1.1 GB to spare.\n"), text.out());
    }

    @Test
    void memoryAndLimitsSpeakAgainstADevice() throws IOException {
        Path small = device(PHONE, OptionalLong.of(1000));
        Outcome outcome = run("inspect", model.toString(), "--memory", "--device", small.toString());
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.out().contains("A phone will not do: it needs "), outcome.out());
        assertTrue(outcome.out().contains(" of memory, the device has 1.0 kB.\n"), outcome.out());
        DeviceProfile.Limits limits = new DeviceProfile.Limits(1 << 20, 256L << 20, 256, 16384, 8192, 65535);
        Path narrow = device(
                new DeviceInfo("Narrow", DeviceInfo.Kind.UNKNOWN, "WebGPU", "", limits, 0, 0, false),
                OptionalLong.empty());
        Outcome fitted = run("inspect", model.toString(), "--memory", "--device", narrow.toString());
        assertTrue(fitted.out().contains("Narrow will do"), fitted.out() + fitted.err());
        // Who asks for a profile asks for its limits too.
        Outcome refused =
                run("inspect", model.toString(), "--memory", "--profile", "portable", "--device", narrow.toString());
        assertTrue(
                refused.out()
                        .contains("Narrow will not do: it needs maxStorageBufferBindingSize 134217728, the device"
                                + " offers 1048576.\n"),
                refused.out());
    }

    @Test
    void whatDevicesPrintsIsReadBack() throws IOException {
        Path file = device(PHONE, OptionalLong.of(7));
        assertEquals(new DeviceFile(PHONE, OptionalLong.of(7)), DeviceFile.read(file));
        Path list = Files.writeString(
                folder.resolve("list.json"), "[" + new DeviceFile(PHONE, OptionalLong.empty()).text() + "]");
        assertEquals(new DeviceFile(PHONE, OptionalLong.empty()), DeviceFile.read(list));
    }

    @Test
    void aFileThatDescribesNoDeviceIsRefused() throws IOException {
        for (Map.Entry<String, String> wrong : Map.of(
                        "[]", "one device is expected, and the list has 0",
                        "{}", "the field \"limits\" is missing",
                        "no", "not a JSON object")
                .entrySet()) {
            Path file = Files.writeString(folder.resolve("wrong.json"), wrong.getKey());
            Outcome outcome = run("inspect", model.toString(), "--memory", "--device", file.toString());
            assertEquals(1, outcome.code());
            assertTrue(outcome.err().contains(wrong.getValue()), outcome.err());
            assertTrue(outcome.err().contains("wrong.json"), outcome.err());
        }
        Outcome missing = run("inspect", model.toString(), "--memory", "--device", "nowhere.json");
        assertEquals(1, missing.code());
        assertTrue(missing.err().contains("nowhere.json"), missing.err());
    }

    /** A file that describes a device is what to compile for, under either name of the option. */
    @Test
    void aDeviceIsATarget() throws IOException {
        DeviceProfile.Limits limits = new DeviceProfile.Limits(2L << 30, 4L << 30, 1024, 32768, 16384, 65535);
        Path large = device(
                new DeviceInfo("Large", DeviceInfo.Kind.DISCRETE, "Vulkan", "", limits, 32, 32, true),
                OptionalLong.empty());
        for (String option : new String[] {"--target", "--profile"}) {
            Outcome plan = run("compile", model.toString(), option, large.toString(), "--compile-to=plan");
            assertEquals(0, plan.code(), plan.err());
            assertTrue(plan.out().contains("profile \"portable-fitted\" "), plan.out());
            assertTrue(plan.out().contains("limits {max_storage_buffer_binding_size = 2147483648, "), plan.out());
        }
        Path text = folder.resolve("large.qir");
        String dispatches = run("compile", model.toString(), "--target", large.toString(), "--compile-to=dispatch")
                .out();
        Files.writeString(text, dispatches);
        Outcome lowered = run("opt", text.toString(), "--compile-to=plan", "--target", large.toString());
        assertTrue(lowered.out().contains("profile \"portable-fitted\" "), lowered.out() + lowered.err());
        Outcome missing = run("compile", model.toString(), "--target", "nowhere.json");
        assertTrue(missing.err().contains("nowhere.json"), missing.err());
    }

    @Test
    void optionsThatBelongToTheMemoryAreRefusedWithoutIt() {
        assertEquals(
                2, run("inspect", model.toString(), "--device", "phone.json").code());
        assertEquals(2, run("inspect", model.toString(), "--svg").code());
        assertEquals(
                2,
                run("inspect", model.toString(), "--memory", "--svg", "--json").code());
        assertEquals(
                2,
                run("inspect", model.toString(), "--memory", "--svg", "--plan").code());
    }

    @Test
    void thePictureHasARectangleForEachValue() throws Exception {
        Outcome outcome = run("inspect", model.toString(), "--memory", "--svg", "--profile", "portable");
        assertEquals(0, outcome.code(), outcome.err());
        JsonValue memory = json("inspect", model.toString(), "--memory", "--json", "--profile", "portable")
                .field("memory");
        int values = memory.field("regions").list().size();
        assertEquals(values, parsed(outcome.out()).getElementsByTagName("title").getLength());
        NodeList rectangles = parsed(outcome.out()).getElementsByTagName("rect");
        assertTrue(rectangles.getLength() > values, "and the ground below them");
    }

    private static Document parsed(String svg) throws ParserConfigurationException, SAXException, IOException {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private Path device(DeviceInfo info, OptionalLong memory) throws IOException {
        return Files.writeString(folder.resolve(info.name() + ".json"), new DeviceFile(info, memory).text());
    }

    private JsonValue json(String... arguments) {
        Outcome outcome = run(arguments);
        assertEquals(0, outcome.code(), outcome.err());
        return JsonValue.parse("answer", outcome.out());
    }

    private record Outcome(int code, String out, String err) {}

    private Outcome run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                false,
                80);
        int code = Quern.execute(
                terminal, Map.of("QUERN_CACHE", folder.resolve("cache").toString()), List.of(arguments));
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
