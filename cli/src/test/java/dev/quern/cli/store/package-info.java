/** Tests of the model store, against a server in this process. */
@NullMarked
package dev.quern.cli.store;

import org.jspecify.annotations.NullMarked;
