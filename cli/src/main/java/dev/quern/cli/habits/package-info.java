/**
 * What people try who come from other programs: {@link dev.quern.cli.habits.Habits} knows the words of llama.cpp,
 * ollama and the hub's tools, and {@link dev.quern.cli.habits.UnknownWords} answers a command line that has some with
 * what they mean here.
 */
@NullMarked
package dev.quern.cli.habits;

import org.jspecify.annotations.NullMarked;
