package dev.quern.webgpugen;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the fields of a structure lie: each at the next multiple of its alignment, the whole rounded up to the largest.
 * The fields of a union all lie at its start.
 *
 * @param members the fields in memory order
 * @param size bytes, padding at the end included
 * @param alignment bytes
 */
record StructureLayout(List<Member> members, long size, long alignment) {
    /**
     * A field in its place.
     *
     * @param offset bytes from the start of the structure
     * @param padding unused bytes before the field
     */
    record Member(Declaration.Field field, CType type, long offset, long padding) {}

    static StructureLayout of(List<Declaration.Field> fields, List<CType> types, boolean union) {
        var members = new ArrayList<Member>();
        long end = 0;
        long alignment = 1;
        for (int i = 0; i < fields.size(); i++) {
            CType type = types.get(i);
            long offset = union ? 0 : roundUp(end, type.alignment());
            members.add(new Member(fields.get(i), type, offset, union ? 0 : offset - end));
            end = Math.max(end, offset + type.size());
            alignment = Math.max(alignment, type.alignment());
        }
        return new StructureLayout(List.copyOf(members), roundUp(end, alignment), alignment);
    }

    /** Unused bytes after the last field. */
    long paddingAtEnd() {
        long end = members.stream()
                .mapToLong(member -> member.offset() + member.type().size())
                .max()
                .orElseThrow();
        return size - end;
    }

    private static long roundUp(long value, long multiple) {
        return (value + multiple - 1) / multiple * multiple;
    }
}
