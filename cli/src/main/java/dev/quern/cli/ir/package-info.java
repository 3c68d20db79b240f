/**
 * The compiler's inside, for people: texts of the intermediate representation read with their places, what passes did
 * printed, timed, dumped and, where one failed, saved; and functions interpreted.
 */
@NullMarked
package dev.quern.cli.ir;

import org.jspecify.annotations.NullMarked;
