/**
 * Proof that Quern's compiler and runtime core stay fit for the browser.
 *
 * <p>{@link dev.quern.browsercheck.BrowserCheck} calls every module that promises to run there, and the build compiles
 * it to WebAssembly together with the tests. A class or method that the browser build lacks fails that build, with the
 * chain of calls that led to it. Nothing is run: what a browser does with the result belongs to the browser's own
 * tests.
 */
@NullMarked
package dev.quern.browsercheck;

import org.jspecify.annotations.NullMarked;
