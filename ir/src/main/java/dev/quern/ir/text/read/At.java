package dev.quern.ir.text.read;

/**
 * A place in a text.
 *
 * @param line from 1
 * @param column from 1, in code points
 */
public record At(int line, int column) {}
