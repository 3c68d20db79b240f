/**
 * Bundles on a file system: folders and stored zips, to be written and read, and SHA-256 from the platform. {@link
 * dev.quern.bundle.files.BundleFiles} picks by the path.
 */
@NullMarked
package dev.quern.bundle.files;

import org.jspecify.annotations.NullMarked;
