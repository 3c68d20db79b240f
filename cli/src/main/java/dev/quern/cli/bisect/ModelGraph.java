package dev.quern.cli.bisect;

import dev.quern.cli.bundle.ModelTensors;
import dev.quern.compiler.CompileOptions;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.architecture.Architectures;
import dev.quern.gguf.architecture.GraphOptions;
import dev.quern.ir.Module;
import dev.quern.plan.CacheEncoding;
import dev.quern.reference.Interpreter;
import java.util.ArrayList;
import java.util.List;

/**
 * A model in the form in which it is compared: the graph as imported, but with room for a few positions only, which
 * changes nothing that it computes; and the interpreter, with the model's weights.
 *
 * @param imported before the first pass
 * @param run computes tokens with it and its successors
 */
public record ModelGraph(Module imported, ReferenceRun run) {

    /**
     * The graph of a model.
     *
     * @param file that is open
     * @param tokens what to compute
     * @param cache how keys and values are kept
     * @param budget bytes of decoded weights to keep in memory
     * @param tick called after each statement; may throw to give up
     */
    public static ModelGraph of(GgufFile file, List<Integer> tokens, CacheEncoding cache, long budget, Runnable tick) {
        long positions = Math.ceilDiv(tokens.size(), (long) Workload.CHUNK) * Workload.CHUNK;
        GraphOptions options =
                CompileOptions.graph(positions, Workload.CHUNK, cache).serving(CompileOptions.DEFAULT_CONTEXT);
        Module imported = Architectures.of(file).build(file, options);
        BudgetedWeights weights = new BudgetedWeights(new ModelTensors(file), budget);
        ReferenceRun run =
                new ReferenceRun(module -> new Interpreter(module, weights), Workload.ofTokens(tokens), tick);
        return new ModelGraph(imported, run);
    }

    /** Tokens to compute where nobody names any: so many, spread over the vocabulary. */
    public static List<Integer> tokens(int count, int vocabulary) {
        List<Integer> tokens = new ArrayList<>();
        for (int index = 1; index <= count; index++) {
            tokens.add((int) ((long) index * vocabulary / (count + 1)));
        }
        return List.copyOf(tokens);
    }
}
