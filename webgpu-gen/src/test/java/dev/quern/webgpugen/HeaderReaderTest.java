package dev.quern.webgpugen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Headers in, declarations out; and where a header cannot be understood, the place is named. */
class HeaderReaderTest {
    private static List<Declaration> read(String text) {
        return HeaderReader.read("test.h", text);
    }

    private static TypeTable table(String text) {
        return new TypeTable(read(text));
    }

    private static StructureLayout layout(String text, String name) {
        TypeTable table = table(text);
        if (table.find(name) instanceof Declaration.Structure structure) {
            return table.layout(structure);
        }
        throw new AssertionError(name + " is not a structure");
    }

    private static List<Long> offsets(StructureLayout layout) {
        return layout.members().stream().map(StructureLayout.Member::offset).toList();
    }

    @Test
    void fieldsAreAlignedToTheirSize() {
        StructureLayout layout = layout("""
                typedef struct S {
                    uint8_t a;      // at 0, then 3 unused
                    uint32_t b;     // at 4
                    uint16_t c;     // at 8, then 6 unused
                    double d;       // at 16
                    uint8_t e;      // at 24, then 7 unused
                } S;
                """, "S");
        assertEquals(List.of(0L, 4L, 8L, 16L, 24L), offsets(layout));
        assertEquals(32, layout.size());
        assertEquals(7, layout.paddingAtEnd());
    }

    @Test
    void aStructureInsideAnotherKeepsItsAlignment() {
        StructureLayout layout = layout("""
                typedef struct Inner { uint32_t a; void * b; } Inner;
                typedef struct Outer { uint32_t first; Inner inner; uint32_t last; } Outer;
                """, "Outer");
        // first at 0, 4 unused; inner at 8 with 16 bytes; last at 24, 4 unused.
        assertEquals(List.of(0L, 8L, 24L), offsets(layout));
        assertEquals(32, layout.size());
    }

    @Test
    void aUnionIsAsLargeAsItsLargestField() {
        String text = "typedef struct S { uint32_t kind; union { uint8_t a; uint64_t b; uint16_t c; } value; } S;";
        assertEquals(List.of(0L, 8L), offsets(layout(text, "S")));
        assertEquals(16, layout(text, "S").size());
        assertEquals(List.of(0L, 0L, 0L), offsets(layout(text, "S_value")));
    }

    @Test
    void valuesMayBeShiftedJoinedAndReferredTo() {
        var alias = (Declaration.Alias) read("""
                typedef uint64_t Flags;
                static const Flags Flags_A = 1 << 3;
                static const Flags Flags_B = 0x10;
                static const Flags Flags_Both = Flags_A | (Flags_B);
                """).getFirst();
        assertEquals(
                List.of(8L, 16L, 24L),
                alias.flags().stream().map(Declaration.Flag::value).toList());
    }

    @Test
    void theCommentJustBeforeADeclarationIsItsOwn() {
        List<Declaration> declarations = read("""
                /** \\defgroup Things
                 * @{ */
                /** The first. */
                typedef struct AImpl* A;
                // The second,
                // on two lines.
                typedef struct BImpl* B;
                // Far away.

                typedef struct CImpl* C;
                /** @} */
                typedef struct DImpl* D;
                """);
        assertEquals(
                List.of("The first.", "The second,\non two lines.", "", ""),
                declarations.stream().map(Declaration::comment).toList());
    }

    @Test
    void whatIsNotUnderstoodIsNamedWithItsPlace() {
        var problem = assertThrows(
                HeaderException.class, () -> read("typedef uint32_t A;\ntypedef struct S { int a[4]; } S;\n"));
        String message = String.valueOf(problem.getMessage());
        assertTrue(message.startsWith("test.h:2:25: this is outside the subset of C that is understood: "), message);
    }

    @Test
    void anUnknownTypeIsNamed() {
        var problem = assertThrows(HeaderException.class, () -> layout("typedef struct S { Unheard of; } S;", "S"));
        assertEquals("The headers mention the type Unheard and declare it nowhere.", problem.getMessage());
    }
}
