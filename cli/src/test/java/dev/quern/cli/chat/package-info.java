@NullMarked
package dev.quern.cli.chat;

import org.jspecify.annotations.NullMarked;
