/** Tokenizers through the command, held against llama.cpp and its own suites. */
@NullMarked
package dev.quern.tokens;

import org.jspecify.annotations.NullMarked;
