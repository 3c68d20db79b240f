/** Tests of HTTP as the command speaks it, against servers and proxies in this process. */
@NullMarked
package dev.quern.cli.http;

import org.jspecify.annotations.NullMarked;
