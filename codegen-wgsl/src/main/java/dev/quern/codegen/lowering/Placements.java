package dev.quern.codegen.lowering;

import dev.quern.plan.Placement;

/** The IR's word for where a weight lies, and the plan's. They are apart so that neither module needs the other. */
public final class Placements {
    private Placements() {}

    public static dev.quern.ir.Placement inModule(Placement placement) {
        return switch (placement) {
            case BUFFER -> dev.quern.ir.Placement.BUFFER;
            case TEXTURE -> dev.quern.ir.Placement.TEXTURE;
            case SAMPLED_TEXTURE -> dev.quern.ir.Placement.SAMPLED_TEXTURE;
        };
    }

    public static Placement inPlan(dev.quern.ir.Placement placement) {
        return switch (placement) {
            case BUFFER -> Placement.BUFFER;
            case TEXTURE -> Placement.TEXTURE;
            case SAMPLED_TEXTURE -> Placement.SAMPLED_TEXTURE;
        };
    }
}
