/** Looks into model files and bundles, for people and, as maps for JSON, for programs. */
@NullMarked
package dev.quern.cli.inspect;

import org.jspecify.annotations.NullMarked;
