/** What serves the page with a model: over HTTP on this machine, or as a folder for any static host. */
@NullMarked
package dev.quern.cli.web;

import org.jspecify.annotations.NullMarked;
