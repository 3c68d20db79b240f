/** Laws and frozen values that the oracle is held to. */
@NullMarked
package dev.quern.reference;

import org.jspecify.annotations.NullMarked;
