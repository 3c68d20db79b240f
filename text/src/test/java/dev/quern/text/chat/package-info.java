/** Tests of chat templates. */
@NullMarked
package dev.quern.text.chat;

import org.jspecify.annotations.NullMarked;
