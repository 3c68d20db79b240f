/** Tests of what serves the page. */
@NullMarked
package dev.quern.cli.web;

import org.jspecify.annotations.NullMarked;
