package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.Family.Bias;
import dev.quern.gguf.architecture.Family.Cap;
import dev.quern.gguf.architecture.Family.Factors;
import dev.quern.gguf.architecture.Family.HeadNorms;
import dev.quern.gguf.architecture.Family.NormPlacement;
import dev.quern.gguf.architecture.Family.OutputMatrix;
import dev.quern.gguf.architecture.Family.Scales;
import dev.quern.gguf.architecture.Family.Turning;
import dev.quern.gguf.architecture.Family.WindowedTurning;
import dev.quern.gguf.architecture.Family.Windows;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Rotation.Pairing;
import java.util.Optional;
import java.util.Set;

/** Collects what sets a family apart from most; {@link Family} says what each of it means. */
final class FamilyBuilder {
    private final String name;
    private Pairing pairing = Pairing.ADJACENT;
    private boolean partial;
    private Factors factors = Factors.NONE;
    private int unrotatedEvery;
    private boolean switched;
    private Optional<Windows> windows = Optional.of(new Windows(0, 0, WindowedTurning.SAME));
    private boolean sharpensWithPosition;
    private int layersScaledByShare;
    private NormPlacement norms = NormPlacement.BEFORE;
    private HeadNorms headNorms = HeadNorms.NONE;
    private boolean joins;
    private Set<Bias> biases = Set.of();
    private Pointwise.Function activation = Pointwise.Function.SILU;
    private OutputMatrix output = OutputMatrix.OPTIONAL;
    private Scales scales = Scales.NONE;
    private Optional<Cap> attentionCap = Optional.empty();
    private Optional<Cap> logitCap = Optional.empty();

    FamilyBuilder(String name) {
        this.name = name;
    }

    FamilyBuilder pairing(Pairing value) {
        pairing = value;
        return this;
    }

    FamilyBuilder partialRotation() {
        partial = true;
        return this;
    }

    FamilyBuilder factors(Factors value) {
        factors = value;
        return this;
    }

    FamilyBuilder unrotatedEvery(int layers) {
        unrotatedEvery = layers;
        return this;
    }

    FamilyBuilder switchedRotation() {
        switched = true;
        return this;
    }

    FamilyBuilder windows(int otherwise, int period, WindowedTurning turning) {
        windows = Optional.of(new Windows(otherwise, period, turning));
        return this;
    }

    FamilyBuilder withoutWindows() {
        windows = Optional.empty();
        return this;
    }

    FamilyBuilder sharpensWithPosition() {
        sharpensWithPosition = true;
        return this;
    }

    FamilyBuilder layersScaledByShare(int layers) {
        layersScaledByShare = layers;
        return this;
    }

    FamilyBuilder norms(NormPlacement value) {
        norms = value;
        return this;
    }

    FamilyBuilder headNorms(HeadNorms value) {
        headNorms = value;
        return this;
    }

    FamilyBuilder joins() {
        joins = true;
        return this;
    }

    FamilyBuilder biases(Bias... values) {
        biases = Set.of(values);
        return this;
    }

    FamilyBuilder activation(Pointwise.Function value) {
        activation = value;
        return this;
    }

    FamilyBuilder output(OutputMatrix value) {
        output = value;
        return this;
    }

    FamilyBuilder scales(Scales value) {
        scales = value;
        return this;
    }

    FamilyBuilder attentionCap(float otherwise) {
        attentionCap = Optional.of(new Cap(otherwise));
        return this;
    }

    FamilyBuilder logitCap(float otherwise) {
        logitCap = Optional.of(new Cap(otherwise));
        return this;
    }

    Family build() {
        return new Family(
                name,
                new Turning(pairing, partial, factors, unrotatedEvery, switched),
                windows,
                sharpensWithPosition,
                layersScaledByShare,
                norms,
                headNorms,
                joins,
                biases,
                activation,
                output,
                scales,
                attentionCap,
                logitCap);
    }
}
