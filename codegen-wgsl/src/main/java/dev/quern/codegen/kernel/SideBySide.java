package dev.quern.codegen.kernel;

import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.kernel.KernelDefinition.Written;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Kernels side by side in one: along the first axis of the grid the workgroups of the first, then those of the second,
 * and so on. Which kernel a workgroup runs depends on its number alone, so that it may do all that it may do by itself.
 *
 * <p>Each kernel keeps what is its own under a name of its own, with the kernel's number behind it: slots that bind
 * something else, constants of another value, and the files that use such or that the others lack. What is the same for
 * all of them stands there once.
 */
public final class SideBySide {
    private static final List<String> COUNTS = List.of("one", "two", "three");

    /** The most kernels that there are files for. */
    public static final int MOST = COUNTS.size();

    private final List<Branch> branches;
    private final List<List<WgslFile>> files = new ArrayList<>();

    /** What is not the same in all: slots, constants, functions and types. */
    private final Set<String> own = new LinkedHashSet<>();

    /** The parts of a kernel that files give which are not the same in all. */
    private final Set<String> ownParts = new LinkedHashSet<>();

    /**
     * A kernel among others.
     *
     * @param kernel by itself
     * @param shared its slots that bind what all of the kernels bind under this name
     * @param groups workgroups along the first axis
     */
    public record Branch(KernelDefinition kernel, Set<String> shared, long groups) {
        public Branch {
            shared = Set.copyOf(shared);
        }
    }

    private SideBySide(List<Branch> branches) {
        this.branches = branches;
        own.add("main");
        for (Branch branch : branches) {
            List<WgslFile> all = new ArrayList<>();
            branch.kernel().written().forEach(written -> all.add(WgslFile.of(written.name(), written.text())));
            branch.kernel().files().forEach(file -> all.add(WgslFiles.read(file)));
            files.add(all);
        }
        for (Branch branch : branches) {
            for (Constant constant : branch.kernel().constants()) {
                if (!everywhere(constant)) {
                    own.add(constant.name());
                }
            }
            for (Slot slot : branch.kernel().slots()) {
                if (!branch.shared().contains(slot.name())) {
                    own.add(slot.name());
                }
            }
        }
        spread();
    }

    /**
     * One kernel of several. Its slots are those of the first, then those that are the second's own, and so on.
     *
     * @param spelling what its name begins with, for people
     * @param lanes of a workgroup, the same for all
     * @param before what every workgroup does first
     */
    public static KernelDefinition join(String spelling, int lanes, Opening before, List<Branch> branches) {
        return new SideBySide(branches).joined(spelling, lanes, before);
    }

    /**
     * What every workgroup does before it runs its kernel: a function {@code begin} of its number and a lane.
     *
     * @param constants beside those of the kernels
     * @param slots behind those of the kernels
     * @param file that has the function
     */
    public record Opening(List<Constant> constants, List<Slot> slots, String file) {
        /** Nothing. */
        public static final Opening NONE = new Opening(List.of(), List.of(), "beside/at_once");

        public Opening {
            constants = List.copyOf(constants);
            slots = List.copyOf(slots);
        }
    }

    private boolean everywhere(Constant constant) {
        return branches.stream().allMatch(branch -> branch.kernel().constants().contains(constant));
    }

    /** What uses something that is not the same in all is not the same either. */
    private void spread() {
        int before;
        do {
            before = own.size();
            for (List<WgslFile> all : files) {
                for (WgslFile file : all) {
                    if (isOwn(file)) {
                        own.addAll(file.declared());
                        ownParts.addAll(file.parts());
                    }
                }
            }
        } while (own.size() > before);
    }

    private boolean isOwn(WgslFile file) {
        return !files.stream().allMatch(all -> all.contains(file))
                || WgslWords.of(file.text()).stream().anyMatch(own::contains);
    }

    private KernelDefinition joined(String spelling, int lanes, Opening before) {
        Set<Constant> constants = new LinkedHashSet<>();
        Set<Slot> slots = new LinkedHashSet<>();
        Set<Written> written = new LinkedHashSet<>();
        Set<String> linked = new LinkedHashSet<>();
        constants.add(new Constant.Whole("GROUP_LANES", lanes));
        for (int number = 0; number < branches.size(); number++) {
            KernelDefinition kernel = branches.get(number).kernel();
            int which = number;
            kernel.constants().forEach(constant -> constants.add(named(constant, which)));
            kernel.slots()
                    .forEach(slot -> slots.add(
                            new Slot(named(slot.name(), which), slot.access(), slot.element(), slot.count())));
            for (int index = 0; index < files.get(number).size(); index++) {
                WgslFile file = files.get(number).get(index);
                boolean standing = index >= kernel.written().size();
                if (isOwn(file)) {
                    written.add(new Written(
                            file.name() + " of " + number,
                            WgslWords.rewritten(
                                    file.source(),
                                    word -> named(word, which),
                                    part -> ownParts.contains(part) ? numbered(part, which) : named(part, which)),
                            standing ? Optional.of(file.name()) : Optional.empty()));
                } else if (standing) {
                    linked.add(file.name());
                } else {
                    written.add(new Written(file.name(), file.source()));
                }
            }
            if (number + 1 < branches.size()) {
                constants.add(new Constant.Whole(
                        "GROUPS_" + number, branches.get(number).groups()));
            }
        }
        constants.addAll(before.constants());
        slots.addAll(before.slots());
        linked.add(before.file());
        linked.add("beside/" + COUNTS.get(branches.size() - 1));
        return KernelNames.named(
                spelling,
                List.copyOf(constants),
                List.copyOf(slots),
                List.copyOf(written),
                List.copyOf(linked),
                branches.getFirst().kernel().features());
    }

    private Constant named(Constant constant, int number) {
        String name = named(constant.name(), number);
        return switch (constant) {
            case Constant.Whole whole -> new Constant.Whole(name, whole.value());
            case Constant.Real real -> new Constant.Real(name, real.value());
        };
    }

    /** A name as it stands in the joined kernel. */
    private String named(String name, int number) {
        return own.contains(name) ? numbered(name, number) : name;
    }

    private static String numbered(String name, int number) {
        return name + "_" + number;
    }
}
