/** Tests of the graph builders. */
@NullMarked
package dev.quern.gguf.architecture;

import org.jspecify.annotations.NullMarked;
