package dev.quern.plan;

import java.util.List;

/**
 * A compute pipeline: complete WGSL, without the {@code enable} lines that only some hosts want.
 *
 * @param name unique in the plan, the name of its file
 * @param entryPoint the function to run
 * @param bindings of group 0, in the order of their numbers, from 0 without gap
 * @param features what the host must enable
 * @param source WGSL
 */
public record Kernel(String name, String entryPoint, List<Access> bindings, List<Feature> features, String source) {
    public Kernel {
        bindings = List.copyOf(bindings);
        features = List.copyOf(features);
    }

    /** How a kernel uses what is bound. */
    public enum Access {
        /** {@code var<storage, read>}. */
        READ("read"),
        /** {@code var<storage, read_write>}. */
        READ_WRITE("read_write"),
        /**
         * {@code var<uniform>}; at most 65,536 bytes. Cheap where every lane reads the same or its neighbour's element.
         */
        UNIFORM("uniform"),
        /** {@code texture_storage_2d<rgba32uint, read>}. */
        TEXTURE("texture"),
        /** {@code texture_2d<u32>}. */
        SAMPLED_TEXTURE("sampled_texture");

        private final String text;

        Access(String text) {
            this.text = text;
        }

        /** The name in the bundle. */
        public String text() {
            return text;
        }
    }

    /** What a kernel needs beyond the core of WebGPU. */
    public enum Feature {
        /** Subgroup built-ins. */
        SUBGROUPS("subgroups");

        private final String text;

        Feature(String text) {
            this.text = text;
        }

        /** The name in the bundle. */
        public String text() {
            return text;
        }
    }
}
