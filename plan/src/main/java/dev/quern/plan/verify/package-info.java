/** What every plan must satisfy, whoever made it: {@link dev.quern.plan.verify.PlanVerifier}. */
@NullMarked
package dev.quern.plan.verify;

import org.jspecify.annotations.NullMarked;
