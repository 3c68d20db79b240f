/**
 * Tokens on the command line: {@link dev.quern.cli.tokens.TokenizerFile} finds a tokenizer in whatever file holds one,
 * {@link dev.quern.cli.tokens.Texts} takes apart what holds several texts, {@link dev.quern.cli.tokens.TextSource} and
 * {@link dev.quern.cli.tokens.PromptTokens} read prompts of any size, {@link dev.quern.cli.tokens.TokenIds} and
 * {@link dev.quern.cli.tokens.Pieces} are the written forms of ids and of the bytes of tokens.
 */
@NullMarked
package dev.quern.cli.tokens;

import org.jspecify.annotations.NullMarked;
