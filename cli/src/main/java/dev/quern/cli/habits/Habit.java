package dev.quern.cli.habits;

import java.util.List;

/**
 * A word that another program has and Quern has not.
 *
 * @param names all its spellings; one that ends in {@code *} stands for whatever begins so
 * @param option how the option is called here, or empty if there is none
 * @param answer what to do instead, in sentences; empty where the option says it all
 */
record Habit(List<String> names, String option, String answer) {
    Habit {
        names = List.copyOf(names);
    }

    /** Words that have no counterpart. */
    static Habit answered(String names, String answer) {
        return new Habit(List.of(names.split(" ", -1)), "", answer);
    }

    /** An option that is called otherwise here. */
    static Habit called(String names, String option) {
        return new Habit(List.of(names.split(" ", -1)), option, "");
    }

    boolean matches(String name) {
        return names.stream()
                .anyMatch(each ->
                        each.endsWith("*") ? name.startsWith(each.substring(0, each.length() - 1)) : name.equals(each));
    }
}
