package dev.quern.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns text into token ids and ids into bytes.
 *
 * <p>A tokenizer keeps buffers and a cache of words between calls: it belongs to one thread at a time. Create one from
 * the same {@link TokenizerData} for each further thread.
 */
public interface Tokenizer {
    /**
     * How to encode.
     *
     * @param parseSpecial whether control tokens that stand in the text as text (such as {@code <|im_start|>}) become
     *     these tokens. This is the door for prompt injection: true only for text that a template wrote, or whose marks
     *     say what it wrote
     * @param addSpecial whether the tokens that the model expects at the beginning or the end are added
     */
    record Options(boolean parseSpecial, boolean addSpecial) {
        /** The text alone: nothing parsed, nothing added. */
        public static final Options PLAIN = new Options(false, false);

        /** A prompt that a person typed: nothing parsed, beginning and end added. */
        public static final Options PROMPT = new Options(false, true);

        /** A prompt that a template wrote: control tokens parsed, beginning and end added. */
        public static final Options TEMPLATE = new Options(true, true);

        /**
         * A chat that a template wrote whole, what begins a sequence included: control tokens parsed, nothing added.
         */
        public static final Options CHAT = new Options(true, false);
    }

    /** The ids of a text. Lone surrogates count as U+FFFD. */
    int[] encode(String text, Options options);

    /**
     * The ids of a text of which it is known who wrote what. It is cut into words and merged as one text, but a control
     * token is parsed only where all its characters were written by the template, and none comes of merges. Tokens that
     * the file has as text, those of the type {@link TokenType#USER_DEFINED}, are found everywhere.
     */
    int[] encode(MarkedText text, Options options);

    /**
     * The ids of a text of which only the bytes are known. UTF-8 gives what {@link #encode(String, Options)} gives.
     * Bytes that are no UTF-8 are kept by SentencePiece, as byte tokens, and become U+FFFD, one for each, in byte pair
     * encoding, which cuts words by characters.
     */
    int[] encode(byte[] text, Options options);

    /**
     * The bytes of the text that has these ids: the way back from {@link #encode}. What encoding put before text is
     * taken away: the space that some tokenizers add to the beginning and after special tokens and, with
     * {@link Options#addSpecial()}, the tokens at both ends. Control tokens elsewhere become their text.
     *
     * @throws TokenizerException if no token has one of the ids
     */
    byte[] decode(int[] ids, Options options);

    /**
     * The bytes of a token, control tokens as their text. A piece is not always whole UTF-8: join pieces before
     * decoding, or use {@link Detokenizer}.
     *
     * @throws TokenizerException if no token has this id
     */
    byte[] piece(int id);

    /** How many ids there are; they run from 0. */
    int vocabularySize();

    /** Whether a token steers the model and is no text: a control token or the unknown token. */
    boolean isControl(int id);

    /** Whether generation ends with this token. */
    boolean isEndOfGeneration(int id);

    /** All tokens with which generation ends, in ascending order. */
    int[] endOfGeneration();

    /** The id of a role after the rules of the tokenizer's kind, or {@link SpecialTokens#ABSENT}. */
    int special(SpecialRole role);

    /** The text of the token that has a role after the rules of the tokenizer's kind, null where none has. */
    @Nullable
    String specialText(SpecialRole role);

    /** Whether {@link Options#addSpecial()} puts the beginning-of-sequence token first. */
    boolean addsBeginOfSequence();

    /** Whether the whole text gets a space in front, which decoding takes away again. */
    boolean addsSpacePrefix();

    /** What is doubtful about the tokenizer's data, in full sentences; to be shown to the user. */
    List<String> warnings();
}
