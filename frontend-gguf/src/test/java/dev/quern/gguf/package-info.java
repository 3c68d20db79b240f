/**
 * Tests of the container, and what other modules' tests borrow of them: {@link dev.quern.gguf.SmallModels} and {@link
 * dev.quern.gguf.BrokenFiles}.
 */
@NullMarked
package dev.quern.gguf;

import org.jspecify.annotations.NullMarked;
