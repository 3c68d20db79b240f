/**
 * llama.cpp as the second opinion: its C library, called through {@code java.lang.foreign}.
 *
 * {@snippet :
 * try (LlamaCpp model = LlamaCpp.open(Path.of("model.gguf"), 64)) {
 *     List<float[]> logits = model.logits(1, 403, 407);
 * }
 * }
 *
 * <p>The library is fetched by {@code scripts/fetch-oracle}. Where that fails, for want of npm or of Linux on x86-64,
 * the test that asked is skipped and says why; where the environment variable {@code CI} is set, it fails.
 */
@NullMarked
package dev.quern.reference.oracle;

import org.jspecify.annotations.NullMarked;
