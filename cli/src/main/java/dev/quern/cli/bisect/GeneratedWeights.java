package dev.quern.cli.bisect;

import dev.quern.ir.Module;
import dev.quern.ir.Weight;
import dev.quern.ir.text.Names;
import dev.quern.reference.WeightSource;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Weights for a module without a model file: random, the same in every run, of a size that keeps activations within
 * bounds. A weight that a pass made of several has the rows of those whose sources it lists.
 *
 * @param module the module before the first pass
 */
public record GeneratedWeights(Module module) implements WeightSource {
    @Override
    public float[] decoded(Weight weight) {
        float[] all = new float[Math.toIntExact(weight.type().maxElements())];
        if (module.weights().contains(weight)) {
            fill(weight, all, 0);
            return all;
        }
        int at = 0;
        int next = 0;
        while (next < weight.parts().size()) {
            Weight part = startingAt(weight, next);
            at = fill(part, all, at);
            next += part.parts().size();
        }
        return all;
    }

    private Weight startingAt(Weight weight, int next) {
        List<Weight.Part> rest = weight.parts().subList(next, weight.parts().size());
        return module.weights().stream()
                .filter(each -> !each.parts().isEmpty()
                        && each.parts().size() <= rest.size()
                        && each.parts().equals(rest.subList(0, each.parts().size())))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The weight @" + Names.print(weight.name())
                        + " lists sources that no weight had before: " + weight.sources() + "."));
    }

    /** Vectors are near 1, as gains are; rows of matrices have a length near 1. */
    private static int fill(Weight weight, float[] target, int from) {
        SplittableRandom random = new SplittableRandom(weight.name().hashCode());
        boolean vector = weight.type().shape().size() == 1;
        double reach = Math.sqrt(3.0 / weight.type().columns());
        int elements = Math.toIntExact(weight.type().maxElements());
        for (int index = 0; index < elements; index++) {
            target[from + index] = (float) (vector ? random.nextDouble(0.5, 1.5) : random.nextDouble(-reach, reach));
        }
        return from + elements;
    }
}
