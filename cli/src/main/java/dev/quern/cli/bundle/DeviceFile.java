package dev.quern.cli.bundle;

import dev.quern.cli.store.Reasons;
import dev.quern.cli.store.StoreException;
import dev.quern.plan.BundleException;
import dev.quern.plan.DeviceProfile.Limits;
import dev.quern.plan.json.JsonText;
import dev.quern.plan.json.JsonValue;
import dev.quern.runtime.DeviceInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A device, described in JSON: what {@code quern devices --json} prints of one, so that the machine that has the device
 * need not be the one that asks.
 *
 * @param info the device
 * @param memory bytes that it may use in all; WebGPU does not tell it, so a person writes it into the file
 */
public record DeviceFile(DeviceInfo info, OptionalLong memory) {
    private static final String MEMORY = "memory_bytes";
    private static final String BINDING = "max_storage_buffer_binding_size";
    private static final String BUFFER = "max_buffer_size";
    private static final String INVOCATIONS = "max_compute_invocations_per_workgroup";
    private static final String WORKGROUP_BYTES = "max_compute_workgroup_storage_size";
    private static final String TEXTURE = "max_texture_dimension_2d";
    private static final String GROUPS = "max_compute_workgroups_per_dimension";

    /**
     * Reads a file that describes one device, as an object or as a list of one.
     *
     * @throws StoreException if it cannot be read
     * @throws BundleException if it is no such description; the message says where
     */
    public static DeviceFile read(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8).strip();
            JsonValue devices = JsonValue.parse(name, text.startsWith("[") ? "{\"devices\": " + text + "}" : text);
            if (!devices.has("devices")) {
                return of(devices);
            }
            List<JsonValue> all = devices.field("devices").list();
            if (all.size() != 1) {
                throw new BundleException(name + ": one device is expected, and the list has " + all.size()
                        + ". Leave the one in it that is meant.");
            }
            return of(all.getFirst());
        } catch (IOException e) {
            throw new StoreException("The device's description " + file + " cannot be read: " + Reasons.of(e) + ".", e);
        }
    }

    private static DeviceFile of(JsonValue json) {
        JsonValue limits = json.field("limits");
        DeviceInfo info = new DeviceInfo(
                json.field("name").text(),
                json.field("kind").oneOf(List.of(DeviceInfo.Kind.values()), DeviceFile::text),
                json.field("backend").text(),
                json.field("driver").text(),
                new Limits(
                        limits.field(BINDING).size(),
                        limits.field(BUFFER).size(),
                        limits.field(INVOCATIONS).count(),
                        limits.field(WORKGROUP_BYTES).count(),
                        limits.field(TEXTURE).count(),
                        limits.field(GROUPS).count()),
                json.field("min_subgroup_size").count(),
                json.field("max_subgroup_size").count(),
                json.field("storage_textures").flag());
        return new DeviceFile(
                info, json.has(MEMORY) ? OptionalLong.of(json.field(MEMORY).size()) : OptionalLong.empty());
    }

    /** The fields that such a file needs, in order. */
    public static Map<String, Object> fields(DeviceInfo info) {
        Limits limits = info.limits();
        Map<String, Object> limitFields = new LinkedHashMap<>();
        limitFields.put(BINDING, limits.maxStorageBufferBindingSize());
        limitFields.put(BUFFER, limits.maxBufferSize());
        limitFields.put(INVOCATIONS, limits.maxComputeInvocationsPerWorkgroup());
        limitFields.put(WORKGROUP_BYTES, limits.maxComputeWorkgroupStorageSize());
        limitFields.put(TEXTURE, limits.maxTextureDimension2D());
        limitFields.put(GROUPS, limits.maxComputeWorkgroupsPerDimension());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", info.name());
        fields.put("kind", text(info.kind()));
        fields.put("backend", info.backend());
        fields.put("driver", info.driver());
        fields.put("min_subgroup_size", info.minSubgroupSize());
        fields.put("max_subgroup_size", info.maxSubgroupSize());
        fields.put("storage_textures", info.storageTextures());
        fields.put("limits", limitFields);
        return fields;
    }

    /** The same as a text, as a file has it. */
    public String text() {
        Map<String, Object> fields = fields(info);
        memory.ifPresent(bytes -> fields.put(MEMORY, bytes));
        return JsonText.print(fields);
    }

    /** What a kind of device is called in JSON and for people. */
    public static String text(DeviceInfo.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
