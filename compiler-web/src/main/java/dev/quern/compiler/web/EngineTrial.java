package dev.quern.compiler.web;

import dev.quern.runtime.web.Promises;
import dev.quern.runtime.web.TrialJson;
import dev.quern.text.TokenizerData;
import dev.quern.text.TokenizerJson;
import dev.quern.text.TokenizerTrial;

/**
 * Has the engine's module try a tokenizer, so that what builds tokenizers and reads templates is in one module of the
 * page: it is given what the bundle will carry. Trying waits, so a thread must call it.
 */
record EngineTrial(CompilerHost host) implements TokenizerTrial {
    @Override
    public Outcome of(TokenizerData data) {
        return TrialJson.read(
                Promises.await(host.checkTokenizer(TokenizerJson.write(data))).stringValue());
    }
}
