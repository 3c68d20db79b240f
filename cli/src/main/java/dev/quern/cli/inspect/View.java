package dev.quern.cli.inspect;

/**
 * One thing to show.
 *
 * @param name its field in JSON
 * @param text for people, ending in a line feed
 * @param json the same as maps, lists, strings and numbers
 */
public record View(String name, String text, Object json) {}
