package dev.quern.gguf.architecture;

import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufFile;
import dev.quern.ir.Module;

/** A family of decoders: the description is read from the file's keys, and the graph is built from the description. */
record DecoderArchitecture(Family family) implements Architecture {
    @Override
    public String name() {
        return family.name();
    }

    @Override
    public Hyperparameters hyperparameters(GgufFile file, Findings findings) {
        return decoder(file, findings).sizes();
    }

    @Override
    public void checkTensors(GgufFile file, Hyperparameters hyperparameters, Findings findings) {
        // What the keys say wrongly was told when the hyper-parameters were read.
        Decoder decoder = decoder(file, new Findings());
        var table = new WeightTable(file, findings);
        DecoderWeights.of(table, decoder, hyperparameters.contextLength());
        table.finish();
    }

    @Override
    public Module build(GgufFile file, GraphOptions options) {
        var findings = new Findings();
        Decoder decoder = decoder(file, findings);
        var table = new WeightTable(file, findings);
        DecoderWeights weights = DecoderWeights.of(table, decoder, options.served());
        table.finish();
        findings.throwIfErrors();
        return new DecoderGraph(decoder, weights, options).module(table.weights());
    }

    private Decoder decoder(GgufFile file, Findings findings) {
        return new DecoderReader(file, family, findings).read();
    }
}
