@NullMarked
package dev.quern.cli.arguments;

import org.jspecify.annotations.NullMarked;
