package dev.quern.plan.verify;

/**
 * A rule that a plan breaks.
 *
 * @param rule which
 * @param place where
 * @param sentence what is wrong, with both sides, and where for people
 */
public record PlanProblem(PlanRule rule, PlanPlace place, String sentence) {}
