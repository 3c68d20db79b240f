package dev.quern.plan.verify;

import java.util.List;

/** A plan breaks rules; the message holds every broken one. */
public final class PlanException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public PlanException(String profile, List<String> problems) {
        super("the plan for " + profile + " is invalid: " + String.join("; ", problems));
    }
}
