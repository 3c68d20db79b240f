/** The walls of the house: what no module may depend on, beyond what the build already forbids. */
@NullMarked
package dev.quern.rules;

import org.jspecify.annotations.NullMarked;
