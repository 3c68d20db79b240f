/**
 * HTTP as a client speaks it over networks as they are: {@link dev.quern.cli.http.HttpTransport} opens an address
 * through the proxies that the environment names, follows redirects, gives the hub's token to the hub alone and gives
 * up a server that falls silent. {@link dev.quern.cli.http.Retries} decides whether and when to ask again. Nothing here
 * knows of models or of files.
 */
@NullMarked
package dev.quern.cli.http;

import org.jspecify.annotations.NullMarked;
