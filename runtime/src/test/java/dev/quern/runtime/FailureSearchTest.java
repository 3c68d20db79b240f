package dev.quern.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.BufferSpec;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Plan;
import dev.quern.plan.SmallPlan;
import dev.quern.plan.bundle.SelfTest;
import dev.quern.text.Sampling;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where arithmetic failed is found in the states, however long before the logits that tell of it. */
class FailureSearchTest {
    private static final int SPOILT = 9;
    private static final List<Integer> PROMPT = List.of(3, 4, SPOILT, 5, 6, 7);
    private static final short INFINITE = 0x7c00;

    private final SmallModel model = new SmallModel(false, SPOILT);

    /** The small model, which keeps the number for a spoilt token in the key of that position, at an element. */
    private RecordingGpu keeping(short half, int element) {
        return new RecordingGpu((dispatch, gpu) -> {
            model.run(dispatch, gpu);
            int position = gpu.memory("position").getInt(0);
            if (dispatch.pipeline().kernel().name().equals("attend")) {
                for (int at = position; at < Math.min(position + SmallPlan.CHUNK, SmallPlan.CONTEXT); at++) {
                    boolean spoilt = gpu.memory("keys").getInt(256 * at) == SPOILT;
                    gpu.memory("keys").putShort(256 * at + 2 * element, spoilt ? half : 0);
                }
            }
        });
    }

    private static NotFiniteException failure(Engine engine) {
        Generation generation = engine.session()
                .generate(new GenerationRequest(PROMPT, 3, Sampling.GREEDY, List.of()), () -> false, _ -> {});
        return assertThrows(NotFiniteException.class, generation::finish);
    }

    @Test
    void aKeyThatLeftItsRangeIsFoundAtItsOwnPosition() {
        RecordingGpu gpu = keeping(INFINITE, 100);
        try (Engine engine = SmallModel.engine(gpu)) {
            NotFiniteException failure = failure(engine);
            assertEquals(2, failure.position());
            assertEquals(
                    "The arithmetic failed at position 2, token 9: element 100 of %keys is infinite, written by dispatch"
                            + " 1 of step, the kernel attend. Keys or values leave the range of f16, which ends at"
                            + " 65504: compile the model with --cache f32.",
                    failure.getMessage());
            // What was read before that position is still good; what came after it is not.
            Generation next = engine.session()
                    .generate(
                            new GenerationRequest(List.of(3, 4, 5, 6), 1, Sampling.GREEDY, List.of()),
                            () -> false,
                            _ -> {});
            next.finish();
            assertEquals(2, next.statistics().reusedTokens());
            assertEquals(
                    new SmallModel(false).next(List.of(3, 4, 5, 6)),
                    next.tokens().getFirst());
        }
    }

    /** A dispatch may write a part of its result alone; what the run that failed left in the rest is not its fault. */
    @Test
    void whatTheFailedRunLeftIsNotTakenForWhatADispatchWrote() {
        RecordingGpu gpu = new RecordingGpu((dispatch, device) -> {
            model.run(dispatch, device);
            if (dispatch.pipeline().kernel().name().equals("project")) {
                device.memory("arena").putFloat(4, Float.NaN);
            }
        });
        try (Engine engine = SmallModel.engine(gpu)) {
            String message = String.valueOf(failure(engine).getMessage());
            assertTrue(message.contains("element 0 of %logits is NaN, written by dispatch 2"), message);
        }
    }

    /** Of halves, those whose exponent is all ones are no finite numbers, whatever their sign. */
    @Test
    void halvesAreToldByTheirBits() {
        for (int half : new int[] {0x7c00, 0xfc00, 0x7c01, 0xffff}) {
            try (Engine engine = SmallModel.engine(keeping((short) half, 64))) {
                String kind = (half & 0x3ff) == 0 ? "infinite" : "NaN";
                String message = String.valueOf(failure(engine).getMessage());
                assertTrue(message.contains("element 64 of %keys is " + kind + ","), message);
            }
        }
        for (int half : new int[] {0x7bff, 0xfbff, 0, 0x8000}) {
            try (Engine engine = SmallModel.engine(keeping((short) half, 64))) {
                String message = String.valueOf(failure(engine).getMessage());
                assertTrue(message.contains("element 0 of %logits is NaN, written by dispatch 2"), message);
            }
        }
    }

    /** The same plan with its keys kept as f32, and a state of values beside them. */
    private static Plan withFloats() {
        Plan plan = SmallPlan.plan();
        List<BufferSpec> buffers = new ArrayList<>();
        for (BufferSpec buffer : plan.buffers()) {
            buffers.add(
                    buffer.role() == BufferSpec.Role.STATE
                            ? new BufferSpec(buffer.name(), buffer.role(), buffer.bytes(), rows(64))
                            : buffer);
        }
        buffers.add(new BufferSpec("values", BufferSpec.Role.STATE, 16L * SmallPlan.CONTEXT, rows(4)));
        return new Plan(
                plan.profile(),
                plan.symbols(),
                buffers,
                plan.weights(),
                plan.kernels(),
                plan.entryPoints(),
                plan.memory());
    }

    private static Optional<BufferSpec.Rows> rows(long columns) {
        return Optional.of(new BufferSpec.Rows(CacheEncoding.F32, columns));
    }

    private static List<Integer> tokens(int count) {
        return Collections.nCopies(count, 3);
    }

    private static Executor withFloats(RecordingGpu gpu) {
        return ExecutorLoader.load(SmallModel.reader(SmallModel.bundle(withFloats())), gpu, null, LoadProgress.SILENT);
    }

    /** The earliest position of any state, among those that were read. */
    @Test
    void theFirstPositionOfAllStatesCounts() {
        RecordingGpu gpu = new RecordingGpu(RecordingGpu.Simulation.NOTHING);
        try (Executor executor = withFloats(gpu)) {
            FiniteCheck check = new FiniteCheck(executor);
            assertEquals(8, check.firstOfStates(tokens(8)));
            gpu.memory("keys").putFloat(256 * 5 + 4 * 63, Float.NaN);
            assertEquals(5, check.firstOfStates(tokens(8)));
            assertEquals(5, check.firstOfStates(tokens(6)));
            assertEquals(5, check.firstOfStates(tokens(5)), "none of the five before is");
            gpu.memory("values").putFloat(16 * 3, Float.NEGATIVE_INFINITY);
            assertEquals(3, check.firstOfStates(tokens(8)));
            gpu.memory("values").putFloat(16 * 6 + 12, Float.NaN);
            assertEquals(3, check.firstOfStates(tokens(8)));
            gpu.memory("keys").putFloat(0, Float.POSITIVE_INFINITY);
            assertEquals(0, check.firstOfStates(tokens(8)));
        }
    }

    /** The scales of a row lie behind its bytes, which are finite whatever they are. */
    @Test
    void aBlockIsNotFiniteWhereItsScaleIsNot() {
        var rows = new BufferSpec.Rows(CacheEncoding.Q8_0, 96);
        ByteBuffer data = ByteBuffer.allocate(2 * 104).order(ByteOrder.LITTLE_ENDIAN);
        for (int index = 0; index < 96; index++) {
            data.put(index, (byte) 0x7f).put(104 + index, (byte) 0xff);
        }
        assertEquals(Optional.empty(), FiniteCheck.find("keys", data, rows, true));
        data.putShort(104 + 96 + 2, (short) 0xfc00);
        assertEquals(
                Optional.of(new FiniteCheck.Found("keys", 96 + 32, false, Optional.of(CacheEncoding.Q8_0))),
                FiniteCheck.find("keys", data, rows, true));
        data.putShort(96 + 4, (short) 0x7e00);
        assertEquals(
                Optional.of(new FiniteCheck.Found("keys", 64, true, Optional.of(CacheEncoding.Q8_0))),
                FiniteCheck.find("keys", data, rows, true));
    }

    /** A ring has forgotten what spoilt it: the tokens are read again, up to the first that does. */
    @Test
    void inARingTheFirstPositionIsFoundByReadingAgain() {
        List<Integer> read = new ArrayList<>();
        RecordingGpu gpu = new RecordingGpu((dispatch, on) -> {
            if (dispatch.pipeline().kernel().name().equals("attend")) {
                int position = on.memory("position").getInt(0);
                read.add(position);
                on.memory("keys").putFloat(256 * (position % SmallPlan.CONTEXT), position == 26 ? Float.NaN : 1);
            }
        });
        try (Executor executor = withFloats(gpu)) {
            FiniteCheck check = new FiniteCheck(executor);
            assertEquals(26, check.firstOfStates(tokens(SmallPlan.CONTEXT + 5)));
            assertEquals(27, read.size(), "each once, in order");
            assertEquals(26, read.getLast());
            assertEquals(2, check.firstOfStates(tokens(8)), "nothing is read again where all is there");
            assertEquals(27, read.size());
            NotFiniteException failure = FailureSearch.find(executor, tokens(SmallPlan.CONTEXT + 5));
            assertEquals(26, failure.position());
            String message = String.valueOf(failure.getMessage());
            assertTrue(message.contains("element 0 of %keys is NaN, written by dispatch 1 of step"), message);
        }
    }

    /** Numbers as large as f32 has them are no fault of how keys are kept. */
    @Test
    void floatsHaveOtherAdvice() {
        RecordingGpu gpu = new RecordingGpu((dispatch, on) -> {
            if (dispatch.pipeline().kernel().name().equals("attend")) {
                int position = on.memory("position").getInt(0);
                on.memory("keys").putFloat(256 * position + 4 * 63, position == 1 ? Float.NaN : Float.MAX_VALUE);
            }
        });
        try (Executor executor = withFloats(gpu)) {
            new Stepwise(executor).step(4, 1, (index, step) -> true);
            NotFiniteException failure = FailureSearch.find(executor, List.of(3, 4, 5));
            assertEquals(1, failure.position());
            String message = String.valueOf(failure.getMessage());
            assertTrue(
                    message.startsWith("The arithmetic failed at position 1, token 4: element 63 of %keys is NaN,"
                            + " written by dispatch 1 of step, the kernel attend. Weights may be damaged"),
                    message);
        }
    }

    /** What a dispatch binds last is what it computes; the states that it only reads are not its doing. */
    @Test
    void theFirstDispatchThatLeavesSuchANumberIsNamed() {
        RecordingGpu gpu = new RecordingGpu((dispatch, on) -> {
            if (dispatch.pipeline().kernel().name().equals("embed")) {
                on.memory("arena").putFloat(4 * 7, Float.POSITIVE_INFINITY);
            }
        });
        try (Executor executor = withFloats(gpu)) {
            gpu.memory("values").putFloat(0, Float.NaN);
            NotFiniteException failure = FailureSearch.find(executor, List.of(3, 4));
            assertEquals(0, failure.position());
            String message = String.valueOf(failure.getMessage());
            assertTrue(
                    message.contains(
                            "token 3: element 7 of %token rows is infinite, written by dispatch 0 of step, the kernel"
                                    + " embed. Weights may be damaged, or the device may compute wrongly"),
                    message);
        }
    }

    @Test
    void whatIsRightTheSecondTimeIsSaidToBe() {
        try (Executor executor = withFloats(new RecordingGpu(RecordingGpu.Simulation.NOTHING))) {
            NotFiniteException failure = FailureSearch.find(executor, List.of(3, 4, 5));
            assertEquals(2, failure.position(), "the last token's step has failed");
            assertEquals(
                    "The arithmetic failed at position 2, token 5: a number was not finite, and is when it is computed"
                            + " again. Does 'quern verify --device' find the device to compute wrongly?",
                    failure.getMessage());
        }
    }

    /** A self-test looks at the tokens before the last one too, for numbers that are not finite. */
    @Test
    void aSelfTestNamesTheKernelThatSpoilsAState() {
        Executor executor = ExecutorLoader.load(
                SmallModel.reader(SmallModel.bundle(SmallPlan.plan())),
                keeping(INFINITE, 100),
                null,
                LoadProgress.SILENT);
        try (executor) {
            for (List<Integer> tokens : List.of(List.of(3, SPOILT, 4), List.of(3, 4, SPOILT))) {
                assertEquals(
                        Optional.of("The kernel attend computes attention wrongly on this device: element 100 of %keys"
                                + " is infinite, and all is finite where the test was made."),
                        SelfTestRun.run(executor, new SelfTest(tokens, List.of())));
            }
        }
    }

    @Test
    void onlyWhatADispatchWritesIsLookedAt() {
        RecordingGpu gpu = new RecordingGpu(RecordingGpu.Simulation.NOTHING);
        try (Executor executor = withFloats(gpu)) {
            FiniteCheck check = new FiniteCheck(executor);
            List<EntryPoint.Step> steps =
                    executor.plan().entryPoint(EntryPoint.STEP).steps();
            gpu.memory("keys").putFloat(256 * 2 + 4, Float.NaN);
            assertEquals(Optional.empty(), check.after(steps.get(1), 1), "it has written another position");
            FiniteCheck.Found found = check.after(steps.get(1), 2).orElseThrow();
            assertEquals(new FiniteCheck.Found("keys", 1, true, Optional.of(CacheEncoding.F32)), found);
            gpu.memory("logits").putFloat(4 * 31, Float.NaN);
            assertEquals(
                    Optional.of(new FiniteCheck.Found("logits", 31, true, Optional.empty())),
                    check.after(steps.get(2), 2));
            assertEquals(Optional.empty(), check.after(steps.get(0), 2));
        }
    }
}
