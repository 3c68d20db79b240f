/**
 * Files in, files out. Each file under {@code src/test/golden} holds its input and what is expected of it;
 * {@link dev.quern.golden.GoldenTest} finds them and fails for a file that nothing reads. {@code -Dquern.bless=true}
 * writes what came out into the files, and then fails, so that no build passes by blessing.
 */
@NullMarked
package dev.quern.golden;

import org.jspecify.annotations.NullMarked;
