/**
 * What the system hands the command: {@link dev.quern.cli.arguments.RawArguments} keeps the bytes of arguments whatever
 * language is set, {@link dev.quern.cli.arguments.FreeText} and {@link dev.quern.cli.arguments.FreeTextMarks} let texts
 * be any text, {@link dev.quern.cli.arguments.PathArgument} names files by any bytes.
 */
@NullMarked
package dev.quern.cli.arguments;

import org.jspecify.annotations.NullMarked;
