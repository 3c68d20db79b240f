/** What the build asks while it compiles to WebAssembly. None of it is in the result. */
@NullMarked
package dev.quern.compiler.web.build;

import org.jspecify.annotations.NullMarked;
