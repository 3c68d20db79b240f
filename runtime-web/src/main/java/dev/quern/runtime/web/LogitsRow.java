package dev.quern.runtime.web;

import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;

/** Is given a row of logits. */
@FunctionalInterface
@JSFunctor
public interface LogitsRow extends JSObject {
    void accept(int position, float[] logits);
}
