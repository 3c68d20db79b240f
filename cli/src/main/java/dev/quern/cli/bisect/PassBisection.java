package dev.quern.cli.bisect;

import dev.quern.cli.bisect.Observation.Gap;
import dev.quern.cli.ir.FirstNotFinite;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Statement;
import dev.quern.passes.PassObserver;
import dev.quern.passes.PassReport;
import dev.quern.passes.Pipeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Searches for the first pass after which a module no longer computes what it computed before the first pass.
 *
 * <p>The search halves the pipeline: it takes for granted that what one pass breaks no later pass mends. Whatever it
 * finds is true all the same, since both sides of the pass were computed and compared; it may only not be the first.
 */
public final class PassBisection {
    private final ReferenceRun run;
    private final double limit;

    /**
     * A search.
     *
     * @param limit the largest normalised mean squared error that counts as agreement
     */
    public PassBisection(ReferenceRun run, double limit) {
        this.run = run;
        this.limit = limit;
    }

    /** Searches. The module itself must verify. */
    public PassVerdict find(Module imported, Pipeline pipeline) {
        return new Search(imported, pipeline).find();
    }

    /** One search. */
    private final class Search implements PassObserver {
        private final Pipeline pipeline;

        /** The module after 0, 1, 2 … passes. */
        private final List<Module> modules = new ArrayList<>();

        private final List<Integer> evaluated = new ArrayList<>();
        private final Map<Module, Observation> observations = new HashMap<>();
        private Optional<String> problem = Optional.empty();

        Search(Module imported, Pipeline pipeline) {
            this.pipeline = pipeline;
            modules.add(imported);
            try {
                pipeline.run(imported, new PassReport(), this);
            } catch (RuntimeException e) {
                if (problem.isEmpty()) {
                    throw e;
                }
            }
        }

        @Override
        public void ran(int index, String pass, Module before, Module after, long nanoseconds) {
            modules.add(after);
        }

        @Override
        public void failed(int index, String pass, Module before, RuntimeException thrown) {
            problem = Optional.of(String.valueOf(thrown.getMessage()));
        }

        PassVerdict find() {
            requireFinite();
            int passes = pipeline.steps().size();
            int good = 0;
            int bad = modules.size() - 1;
            if (agrees(bad)) {
                return problem.isPresent()
                        ? new PassVerdict.Fails(
                                passes, evaluated, bad, pipeline.names().get(bad), problem.get(), modules.get(bad))
                        : new PassVerdict.Agrees(
                                passes, List.copyOf(evaluated), worst(bad), modules.get(bad), observation(bad));
            }
            while (bad - good > 1) {
                int middle = (good + bad) >>> 1;
                if (agrees(middle)) {
                    good = middle;
                } else {
                    bad = middle;
                }
            }
            Observation before = observation(good);
            Observation after = observation(bad);
            return new PassVerdict.Breaks(
                    passes,
                    List.copyOf(evaluated),
                    good,
                    pipeline.names().get(good),
                    good == 0 ? Optional.empty() : worst(good),
                    worst(bad).orElseThrow(),
                    before.first(after, limit),
                    modules.get(good),
                    modules.get(bad));
        }

        /** NaN is as far from itself as from anything else. */
        private void requireFinite() {
            for (Observation.Called called : observation(0).calls()) {
                FirstNotFinite first = new FirstNotFinite();
                Function function =
                        modules.getFirst().function(called.call().function()).orElseThrow();
                for (Statement statement : function.body()) {
                    first.done(
                            statement,
                            statement.results().stream()
                                    .map(result -> Observation.require(called, result.name()))
                                    .toList());
                }
                first.found().ifPresent(found -> {
                    throw new IllegalArgumentException(
                            "The reference itself is not finite, so nothing can be compared: in "
                                    + called.call().label() + ", " + found + ". " + first.advice());
                });
            }
        }

        private boolean agrees(int count) {
            return worst(count).map(gap -> gap.nmse() <= limit).orElse(true);
        }

        private Optional<Gap> worst(int count) {
            return observation(0).worst(observation(count));
        }

        /** Passes that change nothing leave equal modules, which are computed once. */
        private Observation observation(int count) {
            Module module = modules.get(count);
            Observation known = observations.get(module);
            if (known == null) {
                known = run.run(module);
                observations.put(module, known);
                evaluated.add(count);
            }
            return known;
        }
    }
}
