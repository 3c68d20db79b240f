/**
 * JSON as the bundle uses it: {@link dev.quern.plan.json.JsonText} prints so that people can read and compare, {@link
 * dev.quern.plan.json.JsonValue} reads and says where and what was wrong.
 */
@NullMarked
package dev.quern.plan.json;

import org.jspecify.annotations.NullMarked;
