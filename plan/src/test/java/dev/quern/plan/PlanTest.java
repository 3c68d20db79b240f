package dev.quern.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.plan.EntryPoint.Extent;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
    private final Plan plan = SmallPlan.plan();

    @Test
    void partsAreFoundByTheirNames() {
        plan.buffers().forEach(buffer -> assertSame(buffer, plan.buffer(buffer.name())));
        plan.kernels().forEach(kernel -> assertSame(kernel, plan.kernel(kernel.name())));
        plan.entryPoints().forEach(entry -> assertSame(entry, plan.entryPoint(entry.name())));
    }

    @Test
    void aNameThatIsMissingIsNamed() {
        assertEquals("the plan has no buffer named heap", message(() -> plan.buffer("heap")));
        assertEquals("the plan has no kernel named heap", message(() -> plan.kernel("heap")));
        assertEquals("the plan has no entry point named heap", message(() -> plan.entryPoint("heap")));
    }

    private static String message(Runnable asked) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, asked::run).getMessage());
    }

    @Test
    void workgroupsAreRoundedUp() {
        Extent extent = new Extent("tokens", 3, 2);
        assertEquals(List.of(2L, 3L, 5L, 6L), List.of(extent.at(1), extent.at(2), extent.at(3), extent.at(4)));
        assertEquals(7, Extent.fixed(7).at(4), "what is fixed depends on nothing");
    }

    @Test
    void aTextureHasARowForEvery4096Texels() {
        assertEquals(1, weight(16).textureRows());
        assertEquals(1, weight(65_536).textureRows());
        assertEquals(2, weight(65_552).textureRows());
    }

    private static WeightSpec weight(long bytes) {
        return new WeightSpec("w", Placement.TEXTURE, "tiles8", bytes, List.of());
    }

    @Test
    void theGapIsMeasuredAgainstTheBound() {
        assertEquals(50, new MemoryCertificate(300, 200, List.of()).gapPercent());
        assertEquals(0, new MemoryCertificate(200, 200, List.of()).gapPercent());
        assertEquals(0, new MemoryCertificate(0, 0, List.of()).gapPercent());
    }
}
