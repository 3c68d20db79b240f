/** Tests of text in and out. What needs vocabularies of published models is skipped where they are not present. */
@NullMarked
package dev.quern.text;

import org.jspecify.annotations.NullMarked;
