package dev.quern.cli.bench;

import dev.quern.cli.bench.Benchmark.Report;
import dev.quern.cli.bench.Benchmark.Row;
import dev.quern.cli.terminal.Sizes;
import dev.quern.cli.terminal.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a benchmark has found: as a table for people, as one in Markdown, as fields for programs. */
public final class Reports {
    private static final List<String> HEADS =
            List.of("test", "tok/s", "spread", "encode a token", "of the copy's bytes");

    private Reports() {}

    /** A table and a line on what a token takes. */
    public static String text(Report report) {
        Table table = new Table(HEADS.toArray(String[]::new));
        cells(report).forEach(row -> table.row(row.toArray()));
        return table + "\n" + remark(report) + "\n";
    }

    /** The same in Markdown. */
    public static String markdown(Report report) {
        StringBuilder text = new StringBuilder();
        line(text, HEADS);
        line(text, HEADS.stream().map(_ -> "---").toList());
        cells(report).forEach(row -> line(text, row));
        return text.append('\n').append(remark(report)).append('\n').toString();
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String remark(Report report) {
        return report.dispatches() + " dispatches a token. The device copies " + bytes(report.copyBandwidth())
                + " a second, read and written; the last column is how near the bytes come that a token reads.";
    }

    private static List<List<String>> cells(Report report) {
        List<List<String>> rows = new ArrayList<>();
        for (Row row : report.rows()) {
            String depth = row.depth() == 0 ? "" : " at " + row.depth();
            List<String> cells = new ArrayList<>();
            cells.add((row instanceof Row.Prompt ? "prompt " : "answer ") + row.tokens() + depth);
            cells.add(Sizes.decimal(row.rate()));
            cells.add(percent(row.samples().spread()));
            switch (row) {
                case Row.Prompt prompt -> cells.addAll(List.of("", ""));
                case Row.Answer answer ->
                    cells.addAll(List.of(
                            Sizes.decimal(answer.encodeSeconds() * 1e6) + " us",
                            percent(answer.bandwidth() / report.copyBandwidth())));
            }
            rows.add(cells);
        }
        return rows;
    }

    private static String bytes(double bytes) {
        return Sizes.bytes(Math.round(bytes));
    }

    private static String percent(double share) {
        return Sizes.decimal(100 * share) + " %";
    }

    /** All figures, in seconds, bytes and tokens. */
    public static Map<String, Object> fields(Report report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("dispatches_per_token", report.dispatches());
        fields.put("copy_bytes_per_second", report.copyBandwidth());
        fields.put("tests", report.rows().stream().map(Reports::fields).toList());
        return fields;
    }

    private static Map<String, Object> fields(Row row) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("test", row instanceof Row.Prompt ? "prompt" : "answer");
        fields.put("tokens", row.tokens());
        fields.put("depth", row.depth());
        fields.put("tokens_per_second", row.rate());
        fields.put(
                "seconds",
                row.samples().nanoseconds().stream().map(time -> time / 1e9).toList());
        if (row instanceof Row.Answer answer) {
            fields.put("encode_seconds_per_token", answer.encodeSeconds());
            fields.put("bytes_per_token", answer.bytes());
        }
        return fields;
    }
}
