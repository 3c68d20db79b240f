package dev.quern.plan;

import java.util.List;

/**
 * A kind of device: what code is written for it and what it must offer.
 *
 * @param name as in {@code --profile}
 * @param shape how matrix kernels divide their work
 * @param placement where matrices lie
 * @param lanes invocations in a workgroup of the matrix and attention kernels
 * @param subgroupSize the size of subgroups that the kernels were written for, or 0 if they use none
 * @param limits what the kernels may use
 */
public record DeviceProfile(String name, Shape shape, Placement placement, int lanes, int subgroupSize, Limits limits) {

    /** How matrix kernels divide their work. */
    public enum Shape {
        /**
         * An invocation owns whole rows; eight walk the columns side by side and share the input by subgroup
         * broadcasts. For CPUs.
         */
        LANE_PER_ROW("lane-per-row"),
        /**
         * A workgroup is four invocations in one subgroup; each owns whole rows, quants are masked where they lie and
         * never shifted. For processors whose driver works with vectors of four floats.
         */
        FOUR_LANES("four-lanes"),
        /** A workgroup shares the columns of a few rows and reduces in workgroup memory. For GPUs. */
        WORKGROUP("workgroup");

        private final String text;

        Shape(String text) {
            this.text = text;
        }

        /** The name in the bundle. */
        public String text() {
            return text;
        }
    }

    /**
     * Limits in WebGPU's terms.
     *
     * @param maxStorageBufferBindingSize bytes of one binding
     * @param maxBufferSize bytes of one buffer
     * @param maxComputeInvocationsPerWorkgroup invocations
     * @param maxComputeWorkgroupStorageSize bytes
     * @param maxTextureDimension2D texels
     * @param maxComputeWorkgroupsPerDimension workgroups
     */
    public record Limits(
            long maxStorageBufferBindingSize,
            long maxBufferSize,
            int maxComputeInvocationsPerWorkgroup,
            int maxComputeWorkgroupStorageSize,
            int maxTextureDimension2D,
            int maxComputeWorkgroupsPerDimension) {
        /** What every WebGPU implementation offers. */
        public static final Limits DEFAULT = new Limits(128L << 20, 256L << 20, 256, 16384, 8192, 65535);

        /** So many bytes in a binding and no limit else, to lower other limits with. */
        public static Limits ofBinding(long bytes) {
            int any = Integer.MAX_VALUE;
            return new Limits(bytes, Long.MAX_VALUE, any, any, any, any);
        }

        /** Of each the smaller one. */
        public Limits atMost(Limits other) {
            return new Limits(
                    Math.min(maxStorageBufferBindingSize, other.maxStorageBufferBindingSize),
                    Math.min(maxBufferSize, other.maxBufferSize),
                    Math.min(maxComputeInvocationsPerWorkgroup, other.maxComputeInvocationsPerWorkgroup),
                    Math.min(maxComputeWorkgroupStorageSize, other.maxComputeWorkgroupStorageSize),
                    Math.min(maxTextureDimension2D, other.maxTextureDimension2D),
                    Math.min(maxComputeWorkgroupsPerDimension, other.maxComputeWorkgroupsPerDimension));
        }
    }

    /** The same kind of device with limits that are lowered to these. */
    public DeviceProfile atMost(Limits most) {
        return new DeviceProfile(name, shape, placement, lanes, subgroupSize, limits.atMost(most));
    }

    /** Any WebGPU device: default limits, no optional feature. */
    public static final DeviceProfile PORTABLE =
            new DeviceProfile("portable", Shape.WORKGROUP, Placement.BUFFER, 64, 0, Limits.DEFAULT);

    /** A Vulkan driver that runs on the processor with subgroups of eight, such as lavapipe. */
    public static final DeviceProfile CPU_VULKAN =
            new DeviceProfile("cpu-vulkan", Shape.LANE_PER_ROW, Placement.TEXTURE, 8, 8, Limits.DEFAULT);

    /**
     * SwiftShader, the processor's WebGPU in Chromium: vectors of four floats, no f16. Matrices have the bytes that
     * {@link #PORTABLE} has.
     */
    public static final DeviceProfile CPU_SWIFTSHADER =
            new DeviceProfile("cpu-swiftshader", Shape.FOUR_LANES, Placement.SAMPLED_TEXTURE, 4, 4, Limits.DEFAULT);

    /** Every profile, the most particular first. */
    public static final List<DeviceProfile> ALL = List.of(CPU_VULKAN, CPU_SWIFTSHADER, PORTABLE);
}
