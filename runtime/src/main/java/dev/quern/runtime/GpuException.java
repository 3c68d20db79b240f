package dev.quern.runtime;

/** The device refused or failed. The message names the kind of failure and the step, kernel or resource. */
public final class GpuException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    /** What went wrong. */
    public enum Kind {
        /** No adapter, or none that fits. */
        NO_DEVICE,
        /** A kernel, binding or size that the device refuses: an error in the plan or a limit exceeded. */
        VALIDATION,
        /** Memory ran out. */
        OUT_OF_MEMORY,
        /** The device is gone: reset, removed, hung. */
        DEVICE_LOST,
        /** Anything else that the driver reports. */
        INTERNAL
    }

    public GpuException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
