@NullMarked
package dev.quern.cli.habits;

import org.jspecify.annotations.NullMarked;
