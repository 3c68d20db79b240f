package dev.quern.runtime;

import dev.quern.plan.EntryPoint;
import dev.quern.plan.Plan;
import dev.quern.plan.SmallPlan;
import dev.quern.plan.bundle.BundleReader;
import dev.quern.plan.bundle.MemoryBundle;
import dev.quern.text.SpecialRole;
import dev.quern.text.SpecialTokens;
import dev.quern.text.TokenType;
import dev.quern.text.TokenizerData;
import dev.quern.text.TokenizerJson;
import dev.quern.text.TokenizerModel;
import dev.quern.text.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/**
 * What {@link SmallPlan} computes here: the next token is a function of all tokens so far, which are read back from the
 * states as a real model would. A token at a wrong position, one that was not read, or one left over from before gives
 * other tokens.
 */
final class SmallModel implements RecordingGpu.Simulation {
    static final int END = 2;

    /** What all engines are loaded from; nothing changes it. */
    private static final MemoryBundle BUNDLE = bundle(SmallPlan.plan());

    private final boolean ends;
    private final int spoilt;

    /** A model that ends its text now and then, or never. */
    SmallModel(boolean ends) {
        this(ends, -1);
    }

    /** The same, with a token that no logit survives which comes after it. */
    SmallModel(boolean ends, int spoilt) {
        this.ends = ends;
        this.spoilt = spoilt;
    }

    /** The token that follows. */
    int next(List<Integer> tokens) {
        int hash = 17;
        for (int id : tokens) {
            hash = 31 * hash + id;
        }
        int id = Math.floorMod(hash ^ (hash >>> 13), SmallPlan.VOCABULARY - 3) + 3;
        return ends && id == 5 ? END : id;
    }

    private float logit(List<Integer> held, int id) {
        if (held.contains(spoilt)) {
            return Float.NaN;
        }
        return id == next(held) ? 1 : -id;
    }

    @Override
    public void run(Gpu.Dispatch dispatch, RecordingGpu gpu) {
        var tokens = gpu.memory("tokens");
        var keys = gpu.memory("keys");
        int position = gpu.memory("position").getInt(0);
        switch (dispatch.pipeline().kernel().name()) {
            case "embed" -> {
                for (int i = 0; i < dispatch.x(); i++) {
                    keys.putInt(256 * (position + i), tokens.getInt(4 * i));
                }
            }
            case "project" -> {
                var held = new ArrayList<Integer>();
                for (int at = 0; at <= position; at++) {
                    held.add(keys.getInt(256 * at));
                }
                for (int id = 0; id < SmallPlan.VOCABULARY; id++) {
                    gpu.memory("logits").putFloat(4 * id, logit(held, id));
                }
            }
            case "pick" -> {
                int best = Float.isNaN(gpu.memory("logits").getFloat(0)) ? EntryPoint.NO_TOKEN : 0;
                for (int id = 1; id < SmallPlan.VOCABULARY; id++) {
                    best = best != EntryPoint.NO_TOKEN
                                    && gpu.memory("logits").getFloat(4 * id)
                                            > gpu.memory("logits").getFloat(4 * best)
                            ? id
                            : best;
                }
                tokens.putInt(0, best);
                gpu.memory("ring").putInt(4 * (position % SmallPlan.SLOTS), best);
                gpu.memory("position").putInt(0, position + 1);
            }
            default -> {
                // Attention has nothing to do: the keys are the tokens.
            }
        }
    }

    /** Tokens 3 to 28 are the letters a to z. */
    static String tokenizer() {
        return tokenizer(TokenType.NORMAL, letter -> String.valueOf((char) ('a' + letter)));
    }

    /** Tokens 3 to 28 are the first bytes of characters that have two. */
    static String beginnings() {
        return tokenizer(
                TokenType.BYTE,
                letter -> "<0x" + Integer.toHexString(0xc2 + letter).toUpperCase(Locale.ROOT) + ">");
    }

    private static String tokenizer(TokenType type, IntFunction<String> letters) {
        var texts = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        for (int letter = 0; letter < 26; letter++) {
            texts.add(letters.apply(letter));
        }
        var types = new int[texts.size()];
        Arrays.fill(types, type.code());
        types[0] = TokenType.UNKNOWN.code();
        types[1] = TokenType.CONTROL.code();
        types[2] = TokenType.CONTROL.code();
        var special = SpecialTokens.NONE
                .with(SpecialRole.UNKNOWN, 0)
                .with(SpecialRole.BEGIN_OF_SEQUENCE, 1)
                .with(SpecialRole.END_OF_SEQUENCE, END);
        return TokenizerJson.write(TokenizerData.of(
                TokenizerModel.SENTENCE_PIECE,
                null,
                Vocabulary.of(texts, new float[types.length], types),
                List.of(),
                special));
    }

    static MemoryBundle bundle(Plan plan) {
        return SmallPlan.bundle(plan, tokenizer());
    }

    /** The small plan's own bundle. */
    static BundleReader reader() {
        return reader(BUNDLE);
    }

    static BundleReader reader(MemoryBundle bundle) {
        return BundleReader.open(bundle, MemoryBundle::sha256);
    }

    /** An engine whose clock advances by a millisecond whenever it is read. */
    static Engine engine(RecordingGpu gpu) {
        var time = new long[1];
        return Engine.load(reader(), gpu, null, LoadProgress.SILENT, () -> time[0] += 1_000_000);
    }
}
