/** Tests of the cache of bundles. */
@NullMarked
package dev.quern.cli.bundle;

import org.jspecify.annotations.NullMarked;
