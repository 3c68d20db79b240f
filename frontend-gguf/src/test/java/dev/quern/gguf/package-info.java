/** Tests of the container, and what other modules' tests borrow of them: small models and broken files. */
@NullMarked
package dev.quern.gguf;

import org.jspecify.annotations.NullMarked;
