/**
 * What the cache keeps: {@link dev.quern.cli.kept.Inventory} lists models, bundles and what was left over, with what is
 * stale; {@link dev.quern.cli.kept.Removal} removes what nobody uses.
 */
@NullMarked
package dev.quern.cli.kept;

import org.jspecify.annotations.NullMarked;
