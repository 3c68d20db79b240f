/** The intermediate representation. */
@NullMarked
package dev.quern.ir;

import org.jspecify.annotations.NullMarked;
