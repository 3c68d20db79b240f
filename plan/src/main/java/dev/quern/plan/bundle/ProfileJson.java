package dev.quern.plan.bundle;

import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Placement;
import dev.quern.plan.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A device profile as JSON. */
final class ProfileJson {
    private ProfileJson() {}

    static Map<String, Object> write(DeviceProfile profile) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", profile.name());
        json.put("shape", profile.shape().text());
        json.put("placement", profile.placement().text());
        json.put("lanes", profile.lanes());
        json.put("subgroup_size", profile.subgroupSize());
        var limits = new LinkedHashMap<String, Object>();
        limits.put("max_storage_buffer_binding_size", profile.limits().maxStorageBufferBindingSize());
        limits.put("max_buffer_size", profile.limits().maxBufferSize());
        limits.put("max_compute_invocations_per_workgroup", profile.limits().maxComputeInvocationsPerWorkgroup());
        limits.put("max_compute_workgroup_storage_size", profile.limits().maxComputeWorkgroupStorageSize());
        limits.put("max_texture_dimension_2d", profile.limits().maxTextureDimension2D());
        limits.put("max_compute_workgroups_per_dimension", profile.limits().maxComputeWorkgroupsPerDimension());
        json.put("limits", limits);
        return json;
    }

    static DeviceProfile read(JsonValue json) {
        var name = json.field("name");
        ManifestJson.checkName(name);
        var limits = json.field("limits");
        return new DeviceProfile(
                name.text(),
                json.field("shape").oneOf(List.of(DeviceProfile.Shape.values()), DeviceProfile.Shape::text),
                json.field("placement").oneOf(List.of(Placement.values()), Placement::text),
                json.field("lanes").count(),
                json.field("subgroup_size").count(),
                new DeviceProfile.Limits(
                        limits.field("max_storage_buffer_binding_size").size(),
                        limits.field("max_buffer_size").size(),
                        limits.field("max_compute_invocations_per_workgroup").count(),
                        limits.field("max_compute_workgroup_storage_size").count(),
                        limits.field("max_texture_dimension_2d").count(),
                        limits.field("max_compute_workgroups_per_dimension").count()));
    }
}
