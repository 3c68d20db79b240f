/**
 * GGUF in: the container reader and writer, and the tokenizer data that a container holds.
 *
 * <p>A file is read in one forward pass over a {@link dev.quern.gguf.ByteSource}, so that a file, a map of a file, an
 * HTTP range and a browser's {@code File} all serve:
 *
 * {@snippet :
 * GgufFile file = GgufReader.read(ByteSource.of(bytes));
 * String architecture = file.metadata().requireString("general.architecture");
 * GgufTensor embedding = file.requireTensor("token_embd.weight");
 * }
 *
 * <p>The reader trusts nothing that the file says about itself. Sizes are computed with overflow checks, one dimension
 * at a time; nothing is allocated before the length of the source allows it; all metadata together stays below {@link
 * dev.quern.gguf.GgufReader#METADATA_BUDGET_BYTES}. What is wrong comes back as {@linkplain dev.quern.gguf.Finding
 * findings}: as many as can be told in one pass, thrown together in one {@link dev.quern.gguf.GgufException}. What is
 * odd but readable is a warning, kept in {@link dev.quern.gguf.GgufFile#warnings()}.
 *
 * <p>The layout of a file, all numbers little-endian:
 *
 * <pre>
 *   "GGUF" | u32 version | u64 tensors | u64 keys
 *   keys    × { string key | u32 type | value }                    string = u64 length + bytes
 *   tensors × { string name | u32 rank | u64 extent[rank] | u32 type | u64 offset }
 *   padding to the alignment | tensor data, each tensor padded to the alignment
 * </pre>
 *
 * <p>Text is kept as the bytes of the file ({@link dev.quern.gguf.GgufString}), because a token may be any bytes, also
 * such that are no UTF-8.
 */
@NullMarked
package dev.quern.gguf;

import org.jspecify.annotations.NullMarked;
