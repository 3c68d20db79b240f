package dev.quern.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.cli.bench.Benchmark.Report;
import dev.quern.cli.bench.Benchmark.Row;
import dev.quern.plan.json.JsonText;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportsTest {
    private static final Samples TIMES = new Samples(List.of(2_100_000_000L, 1_900_000_000L, 2_000_000_000L));

    private static final Report REPORT = new Report(
            List.of(new Row.Prompt(512, 0, TIMES), new Row.Answer(128, 2048, TIMES, 12.5e-6, 1_000_000)), 256e6, 183);

    @Test
    void theMedianCountsAndTheSpreadIsTold() {
        assertEquals(2, TIMES.median());
        assertEquals(0.1, TIMES.spread(), 1e-12);
        assertEquals(1.5, new Samples(List.of(1_000_000_000L, 2_000_000_000L)).median());
        assertThrows(IllegalArgumentException.class, () -> new Samples(List.of()));
    }

    @Test
    void peopleGetATable() {
        assertEquals("""
                test                tok/s  spread  encode a token  of the copy's bytes
                prompt 512          256.0  10.0 %
                answer 128 at 2048   64.0  10.0 %         12.5 us               25.0 %

                183 dispatches a token. The device copies 256.0 MB a second, read and written; the last column is how\
                 near the bytes come that a token reads.
                """, Reports.text(REPORT));
    }

    @Test
    void pagesGetATable() {
        assertEquals(
                List.of(
                        "| test | tok/s | spread | encode a token | of the copy's bytes |",
                        "| --- | --- | --- | --- | --- |",
                        "| prompt 512 | 256.0 | 10.0 % |  |  |",
                        "| answer 128 at 2048 | 64.0 | 10.0 % | 12.5 us | 25.0 % |"),
                Reports.markdown(REPORT).lines().limit(4).toList());
    }

    @Test
    void programsGetTheFigures() {
        assertEquals("""
                {
                  "dispatches_per_token": 183,
                  "copy_bytes_per_second": 2.56E8,
                  "tests": [
                    {"test": "prompt", "tokens": 512, "depth": 0, "tokens_per_second": 256.0, "seconds": [1.9, 2.0, 2.1]},
                    {
                      "test": "answer",
                      "tokens": 128,
                      "depth": 2048,
                      "tokens_per_second": 64.0,
                      "seconds": [1.9, 2.0, 2.1],
                      "encode_seconds_per_token": 1.25E-5,
                      "bytes_per_token": 1000000
                    }
                  ]
                }
                """, JsonText.print(Reports.fields(REPORT)));
    }

    @Test
    void theLongestTestAtTheDeepestPlaceDecidesThePositions() {
        assertEquals(700, new Benchmark(List.of(100, 200), List.of(50), List.of(0, 500), 3).positions());
        assertEquals(50, new Benchmark(List.of(), List.of(50), List.of(0), 1).positions());
    }
}
