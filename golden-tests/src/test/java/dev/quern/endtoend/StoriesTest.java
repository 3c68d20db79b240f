package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.compiler.CompileOptions;
import dev.quern.gguf.ByteSource;
import dev.quern.plan.DeviceProfile;
import dev.quern.runtime.wgpu.TestDevice;
import dev.quern.runtime.wgpu.WgpuGpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A small trained model in eight encodings. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoriesTest {
    /** "Once upon a time". */
    private static final int[] PROMPT = {1, 403, 407, 261, 378};

    /** What llama.cpp continues greedily on the files in F32, F16 and Q8_0. */
    private static final List<Integer> CONTINUATION = List.of(
            432, 383, 286, 261, 376, 298, 315, 421, 395, 317, 426, 338, 401, 396, 267, 337, 410, 408, 419, 292, 411,
            322, 265, 282, 295, 433, 426, 385);

    private static final List<String> SURE = List.of("f32", "f16", "q8_0");

    private final WgpuGpu gpu;
    private final Path folder;

    StoriesTest(@TempDir Path folder) {
        this.folder = folder;
        SharedModels.require("stories260K-f32.gguf");
        this.gpu = TestDevice.open();
    }

    @AfterAll
    void closeDevice() {
        gpu.close();
    }

    static Stream<Arguments> files() {
        return ModelCases.PROFILES.stream()
                .flatMap(profile -> Stream.of("f32", "f16", "bf16", "q4_0", "q4_1", "q5_0", "q5_1", "q8_0")
                        .map(encoding -> Arguments.of(encoding, profile)));
    }

    @ParameterizedTest
    @MethodSource("files")
    void tellsTheStory(String encoding, DeviceProfile profile, TestReporter reporter) throws IOException {
        Path file = SharedModels.require("stories260K-" + encoding + ".gguf");
        ByteSource model = ByteSource.of(Files.readAllBytes(file));
        CompileOptions options = CompileOptions.of(profile).withContext(64);
        try (DeviceModel device = DeviceModel.load(model, options, gpu, folder)) {
            int last = PROMPT.length - 1;
            device.prefilled(last, PROMPT);
            int[] picked = device.picked(PROMPT[last], last, CONTINUATION.size());
            if (SURE.contains(encoding)) {
                List<Integer> tokens = new ArrayList<>();
                Arrays.stream(picked).forEach(tokens::add);
                assertEquals(CONTINUATION, tokens);
            }
            int[] story = Arrays.copyOf(PROMPT, PROMPT.length + picked.length);
            System.arraycopy(picked, 0, story, PROMPT.length, picked.length);
            List<float[]> expected = new ReferenceModel(device.compiled()).logits(story);
            double worst = Agreement.worst("step", expected, device.logits(story), RandomModelsTest.LIMIT);
            reporter.publishEntry(encoding + ", " + profile.name(), "step " + worst);
        }
    }
}
