package dev.quern.passes;

import java.util.List;

/** Names things made of several: {@code blk.0.attn_q, blk.0.attn_k, blk.0.attn_v} become {@code blk.0.attn_qkv}. */
final class MergedName {
    private MergedName() {}

    /**
     * What all names share, up to the last separator, then what is left of each: side by side where each is one
     * character, else with {@code _} between.
     */
    static String of(List<String> names) {
        String first = names.getFirst();
        int prefix = 0;
        for (int end = 1; end <= first.length(); end++) {
            char separator = first.charAt(end - 1);
            String shared = first.substring(0, end);
            if ((separator == '.' || separator == '_') && names.stream().allMatch(name -> name.startsWith(shared))) {
                prefix = end;
            }
        }
        int suffix = 0;
        for (int length = 1; prefix + length < first.length(); length++) {
            String shared = first.substring(first.length() - length);
            int start = prefix;
            int needed = length;
            if (shared.startsWith(".")
                    && names.stream().allMatch(name -> name.length() > start + needed && name.endsWith(shared))) {
                suffix = length;
            }
        }
        StringBuilder merged = new StringBuilder(first.substring(0, prefix));
        boolean shortParts = true;
        for (String name : names) {
            shortParts &= name.length() - prefix - suffix == 1;
        }
        for (int index = 0; index < names.size(); index++) {
            String name = names.get(index);
            merged.append(index == 0 || shortParts ? "" : "_").append(name, prefix, name.length() - suffix);
        }
        return merged.append(first.substring(first.length() - suffix)).toString();
    }
}
