package dev.quern.endtoend;

import dev.quern.compiler.CompileOptions;
import dev.quern.endtoend.RandomModels.Rope;
import dev.quern.endtoend.RandomModels.Shape;
import dev.quern.gguf.GgufTensorType;
import dev.quern.ir.Encoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.reference.RandomBlocks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/**
 * The models of the differential suite: a few shapes by hand, and a selection of combinations in which every two of the
 * values meet for heads, sizes of heads, rotation, inner length, tied or not, and the profile; and every encoding meets
 * both profiles and both kinds of output.
 */
final class ModelCases {
    private static final long CONTEXT = 64;

    /** Between them: 1, 2, 3 and 4 query heads to a head of keys, heads of 8 to 64, ragged and even inner lengths. */
    static final List<Shape> SHAPES = List.of(
            new Shape("heads 4:4 of 16", 64, 2, 4, 4, 16, 92, true, Rope.PLAIN),
            new Shape("heads 8:4 of 8", 64, 3, 8, 4, 8, 172, false, Rope.FACTORS),
            new Shape("heads 3:1 of 32", 96, 2, 3, 1, 32, 100, true, Rope.FACTORS),
            new Shape("heads 4:1 of 64", 256, 2, 4, 1, 64, 352, false, Rope.PLAIN),
            new Shape("heads 6:2 of 16, narrower than the stream", 128, 2, 6, 2, 16, 224, true, Rope.FACTORS),
            new Shape("heads 2:2 of 64", 128, 2, 2, 2, 64, 324, false, Rope.FACTORS));

    /** All device profiles, by name. */
    static final List<Named<DeviceProfile>> PROFILES = DeviceProfile.ALL.stream()
            .map(profile -> Named.of(profile.name(), profile))
            .toList();

    /** Query heads, and the heads of keys and values that they share. */
    private static final int[][] HEADS = {{2, 2}, {4, 2}, {6, 2}, {8, 2}, {16, 2}, {5, 1}};

    private static final int[] HEAD_SIZES = {32, 48, 64, 80, 96, 128};

    /** A multiple of the largest blocks; one of the smaller blocks only; and one of no block. */
    private static final int[] INNER_LENGTHS = {512, 352, 172};

    private static final List<Recipe> RECIPES = recipes();

    private static final int[] EXTENTS = {
        HEADS.length,
        HEAD_SIZES.length,
        Rope.values().length,
        INNER_LENGTHS.length,
        2,
        DeviceProfile.ALL.size(),
        RECIPES.size()
    };

    private static final int TIED = 4;
    private static final int PROFILE = 5;
    private static final int RECIPE = 6;

    private static final List<Case> ALL = select();

    private ModelCases() {}

    /** A model and what it is compiled for. */
    record Case(Shape shape, Recipe recipe, DeviceProfile profile) {
        CompileOptions options() {
            return CompileOptions.of(profile).withContext(CONTEXT);
        }

        @Override
        public String toString() {
            return recipe + ", " + shape + ", " + profile.name();
        }
    }

    /** All cases. */
    static Stream<Case> all() {
        return ALL.stream();
    }

    /** Of each recipe one case, the profiles taking turns. */
    static Stream<Case> oneOfEachRecipe() {
        Map<String, List<Case>> byRecipe = new LinkedHashMap<>();
        ALL.forEach(each -> byRecipe.computeIfAbsent(each.recipe().name(), _ -> new ArrayList<>())
                .add(each));
        List<Case> chosen = new ArrayList<>();
        byRecipe.values().forEach(cases -> chosen.add(cases.get(chosen.size() % cases.size())));
        return chosen.stream();
    }

    /** The tensor type of an encoding: both have the same name. */
    static GgufTensorType type(Encoding encoding) {
        return GgufTensorType.valueOf(encoding.text().toUpperCase(Locale.ROOT));
    }

    private static List<Recipe> recipes() {
        List<Recipe> recipes = new ArrayList<>();
        RandomBlocks.encodings().forEach(encoding -> recipes.add(Recipe.uniform(type(encoding))));
        recipes.addAll(Recipe.APART);
        recipes.addAll(Recipe.MIXES);
        return recipes;
    }

    private static List<Case> select() {
        List<int[]> together = new ArrayList<>();
        for (int first = 0; first < RECIPE; first++) {
            for (int second = first + 1; second < RECIPE; second++) {
                together.add(new int[] {first, second});
            }
        }
        together.add(new int[] {TIED, RECIPE});
        together.add(new int[] {PROFILE, RECIPE});
        List<Case> cases = new ArrayList<>();
        for (int[] row : Covering.rows(EXTENTS, together)) {
            cases.add(combination(row, cases.size()));
        }
        // Blocks of 256 do not fill rows of 192: what is called after them holds few of them, or none.
        for (Recipe mix : Recipe.MIXES.subList(0, 3)) {
            Shape narrow = new Shape("rows of 192", 192, 3, 4, 2, 64, 352, false, Rope.PLAIN);
            DeviceProfile profile = DeviceProfile.ALL.get(cases.size() % DeviceProfile.ALL.size());
            cases.add(new Case(narrow, mix, profile));
        }
        return List.copyOf(cases);
    }

    private static Case combination(int[] row, int number) {
        int[] heads = HEADS[row[0]];
        Rope rope = List.of(Rope.values()).get(row[2]);
        Recipe recipe = RECIPES.get(row[RECIPE]);
        boolean tied = row[TIED] == 0;
        boolean large = recipe.most().blockElements() > 32;
        int width = large ? 256 : List.of(96, 128, 160, 256).get(number % 4);
        int layers = 2 + number % 2;
        int headSize = HEAD_SIZES[row[1]];
        int inner = INNER_LENGTHS[row[3]];
        String name = "heads " + heads[0] + ":" + heads[1] + " of " + headSize + ", " + layers + " layers of " + width
                + " and " + inner + ", " + rope.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + (tied ? ", tied" : "");
        var shape = new Shape(name, width, layers, heads[0], heads[1], headSize, inner, tied, rope);
        return new Case(shape, recipe, DeviceProfile.ALL.get(row[PROFILE]));
    }
}
