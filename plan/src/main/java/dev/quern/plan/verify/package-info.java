/**
 * What every plan must satisfy, whoever made it: {@link dev.quern.plan.verify.PlanVerifier}, whose rules are
 * {@link dev.quern.plan.verify.PlanRule}.
 */
@NullMarked
package dev.quern.plan.verify;

import org.jspecify.annotations.NullMarked;
