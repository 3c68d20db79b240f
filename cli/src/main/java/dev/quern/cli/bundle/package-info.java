/**
 * From model to bundle: {@link dev.quern.cli.bundle.Profiles} chooses what to compile for,
 * {@link dev.quern.cli.bundle.Compilation} compiles with progress, and {@link dev.quern.cli.bundle.BundleCache} keeps
 * what was compiled on the way to running a model.
 */
@NullMarked
package dev.quern.cli.bundle;

import org.jspecify.annotations.NullMarked;
