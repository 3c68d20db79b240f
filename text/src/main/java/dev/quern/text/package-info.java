/**
 * Text in and text out: tokenizers, streaming detokenisation, stop strings and sampling. It knows nothing of models'
 * weights or of devices, and runs alike on the JVM and in a browser: no files, no threads, no regular expressions, no
 * arithmetic that differs from host to host.
 *
 * <h2>From text to tokens</h2>
 *
 * {@link dev.quern.text.TokenizerData} holds what a GGUF file says of its tokenizer, with nothing decided;
 * {@link dev.quern.text.TokenizerJson} is its form in a bundle. {@link dev.quern.text.Tokenizers#of} makes a
 * {@link dev.quern.text.Tokenizer} of it, or refuses: an unknown algorithm or an unknown way of cutting words is never
 * replaced by another. What is merely doubtful stands in {@link dev.quern.text.Tokenizer#warnings()}.
 *
 * {@snippet :
 * TokenizerData data = TokenizerJson.read(json);
 * Tokenizer tokenizer = Tokenizers.of(data);
 * int[] prompt = tokenizer.encode("Once upon a time", Tokenizer.Options.PROMPT);
 * }
 *
 * Two algorithms are known. <em>Byte pair encoding</em> ({@code gpt2}) cuts text into words by one of the classes that
 * {@code tokenizer.ggml.pre} names, writes each word as bytes and merges neighbours by the rank of their pair.
 * <em>SentencePiece</em> ({@code llama}) writes spaces as U+2581 and merges neighbours by the score of their union;
 * what has no token is spelled in bytes. Both find special tokens first, the longest before the shorter; control tokens
 * only where {@link dev.quern.text.Tokenizer.Options#parseSpecial} allows it. The results equal those of llama.cpp,
 * with one exception that is meant: the word classes of Tekken and GPT-4o are the originals, by which the models were
 * trained: they tell upper from lower case in every script and take marks for a part of words, where llama.cpp tells
 * cases in ASCII only and cuts words at marks.
 *
 * <h2>From tokens to text</h2>
 *
 * One {@link dev.quern.text.Sampler} a stream draws tokens from logits, one {@link dev.quern.text.Detokenizer} turns
 * them into text without ever splitting a character, and one {@link dev.quern.text.StopStrings} ends the text:
 *
 * {@snippet :
 * Sampler sampler = new Sampler(new Sampling(0.8f, 40, 0.95f, 0.05f, seed));
 * Detokenizer detokenizer = Detokenizer.ofContinuation(tokenizer);
 * StopStrings stop = new StopStrings(List.of("\nUser:"));
 * int token = sampler.sample(logits);
 * while (!tokenizer.isEndOfGeneration(token) && !stop.matched()) {
 *     show(stop.feed(detokenizer.feed(token)));
 *     token = sampler.sample(nextLogits(token));
 * }
 * show(stop.feed(detokenizer.flush()) + stop.flush());
 * }
 *
 * <h2>Bytes that are no text</h2>
 *
 * A vocabulary may hold bytes that are no UTF-8. {@link dev.quern.text.TokenText} says how they stand in strings and
 * makes strings of the bytes of a file. A text may hold them too:
 * {@link dev.quern.text.Tokenizer#encode(byte[], Tokenizer.Options)} treats them as llama.cpp does, and
 * {@link dev.quern.text.Tokenizer#decode} gives the bytes of ids as they are.
 *
 * <h2>Adding a way of cutting words</h2>
 *
 * Add the name to a class of {@code PreTokenizer}, or a class and a {@code WordSplitter} for a new expression; then the
 * expression itself to {@code WordSplitterTest}, which holds the scanner against it.
 */
@NullMarked
package dev.quern.text;

import org.jspecify.annotations.NullMarked;
