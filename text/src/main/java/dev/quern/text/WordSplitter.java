package dev.quern.text;

/**
 * Cuts text into words before byte pair merging; no merge crosses a cut. The cuts of each class are defined by a
 * regular expression (the comments give it); the code here scans by hand what the expression says.
 */
sealed interface WordSplitter permits Gpt2Splitter, Llama3Splitter, CasedSplitter, StagedSplitter, DeepSeekSplitter {
    /**
     * Cuts the characters from {@code start} to {@code end}, which hold no lone surrogate, and hands each word to the
     * sink.
     */
    void split(char[] text, int start, int end, PieceSink sink);
}
