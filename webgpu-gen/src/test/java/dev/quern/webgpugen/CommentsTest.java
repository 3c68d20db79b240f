package dev.quern.webgpugen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Doxygen in, Javadoc out. */
class CommentsTest {
    @Test
    void markupOfDoxygenBecomesJavadoc() {
        String comment = Comments.block("""
                /**
                 * Waits for @ref wgpuThing, if @c wait is set; List<T> & {this}.
                 *
                 * @param wait
                 * Whether to wait.
                 */""");
        assertEquals("""
                {@code wgpuWait}.

                <p>Waits for wgpuThing, if <code>wait</code> is set; List&lt;T&gt; &amp; &#123;this&#125;.

                <p><b>param</b> wait
                Whether to wait.
                """, Comments.javadoc("wgpuWait", comment));
    }

    @Test
    void wordsAreParted() {
        assertEquals("DISCRETE_GPU", JavaNames.constant("WGPUAdapterType_DiscreteGPU"));
        assertEquals("RGBA32_UINT", JavaNames.constant("WGPUTextureFormat_RGBA32Uint"));
        assertEquals("_2D", JavaNames.constant("WGPUTextureDimension_2D"));
        assertEquals("D3D12", JavaNames.constant("WGPUBackendType_D3D12"));
    }
}
