package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp.Attention;
import dev.quern.ir.TensorOp.PlaceHeads;
import dev.quern.ir.TensorOp.Rope;
import dev.quern.ir.TensorOp.StateWrite;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the heads of an attention into place in one operation: norms, rotations, writes of keys and values.
 *
 * <pre>
 * %q = columns %qkv {queries}
 * %k = columns %qkv {keys}
 * %v = columns %qkv {values}
 * %q1 = rope %q, %position
 * %k1 = rope %k, %position
 * %ks = state_write %keys, %k1, %position
 * %vs = state_write %values, %v, %position    →    %q1, %ks, %vs = place_heads %qkv, %position, %keys, %values
 * %y = attention %q1, %ks, %vs, %position          %y = attention %q1, %ks, %vs, %position
 * </pre>
 *
 * <p>Query, key and value may be columns of one value or values of their own; each may be normalised, by heads or as a
 * whole; query and key are rotated alike or not at all. The statements may stand in any order; the new one stands where
 * the last of them stood. What has a use elsewhere too is left where it is, and read as it is.
 *
 * <p>When not: keys and values are not written here, or at another position than the attention's; query and key are not
 * rotated alike, or for another position; the rotated keys have another use; a result is used before the last of the
 * statements.
 */
public final class FusePlaceHeads implements Pass {
    @Override
    public String name() {
        return "fuse-place-heads";
    }

    @Override
    public Module run(Module module, PassReport report) {
        return Functions.each(module, function -> fuse(function, report));
    }

    /**
     * What is replaced by one statement.
     *
     * @param query the placed queries, whose statement goes if it is among the dropped
     * @param last the index behind which nothing of it is missing
     */
    private record Match(Value query, Value keys, Value values, Set<Value> dropped, int last, PlaceHeads fused) {}

    private Function fuse(Function function, PassReport report) {
        Uses uses = new Uses(function);
        Map<Integer, List<Match>> matches = new HashMap<>();
        Set<Value> dropped = new HashSet<>();
        for (Statement statement : function.body()) {
            if (statement.op() instanceof Attention attention) {
                Optional<Match> match = match(function, uses, statement, attention, dropped, report);
                if (match.isPresent()) {
                    matches.computeIfAbsent(match.get().last(), _ -> new ArrayList<>())
                            .add(match.get());
                    dropped.addAll(match.get().dropped());
                }
            }
        }
        Rewriter rewriter = new Rewriter(function);
        for (int index = 0; index < function.body().size(); index++) {
            Statement statement = function.body().get(index);
            if (!dropped.contains(statement.results().getFirst())) {
                rewriter.add(statement);
            }
            matches.getOrDefault(index, List.of()).forEach(match -> add(function, rewriter, match, report));
        }
        return Functions.dropUnused(rewriter.build(), function);
    }

    private void add(Function function, Rewriter rewriter, Match match, PassReport report) {
        PlaceHeads fused = match.fused();
        Value query = match.query();
        if (!match.dropped().contains(query)) {
            query = Value.local(rewriter.fresh(query.name() + "_placed"), query.type());
        }
        rewriter.add(List.of(query, match.keys(), match.values()), fused);
        if (!query.equals(match.query())) {
            rewriter.replace(match.query(), query);
        }
        report.done(
                name(),
                Functions.where(function, query),
                "Norms, rotations and writes of the heads of "
                        + String.join(
                                ", ",
                                fused.parts().stream()
                                        .map(part -> part.x().toString())
                                        .distinct()
                                        .toList())
                        + " became one operation.");
    }

    private Optional<Match> match(
            Function function,
            Uses uses,
            Statement statement,
            Attention attention,
            Set<Value> taken,
            PassReport report) {
        Optional<StateWrite> keys = uses.made(attention.keys(), StateWrite.class);
        Optional<StateWrite> values = uses.made(attention.values(), StateWrite.class);
        String where = Functions.where(function, statement.result());
        if (keys.isEmpty() || values.isEmpty()) {
            report.left(name(), where, "Its keys and values are not both written here.");
            return Optional.empty();
        }
        long size = attention.headSize();
        HeadsChain query = HeadsChain.of(attention.query(), size, true, uses);
        HeadsChain key = HeadsChain.of(keys.get().x(), size, false, uses);
        HeadsChain value = HeadsChain.of(values.get().x(), size, false, uses);
        Set<Value> dropped = new HashSet<>(List.of(attention.keys(), attention.values()));
        dropped.addAll(query.taken());
        dropped.addAll(key.taken());
        dropped.addAll(value.taken());
        PlaceHeads fused = new PlaceHeads(
                query.part(),
                key.part(),
                value.part(),
                attention.position(),
                keys.get().state(),
                values.get().state(),
                query.rope().flatMap(Rope::factors),
                attention.heads(),
                attention.keyValueHeads(),
                query.rope().map(Rope::rotation));
        int last = List.of(attention.query(), attention.keys(), attention.values()).stream()
                .mapToInt(uses::definition)
                .max()
                .orElseThrow();
        Match match = new Match(attention.query(), attention.keys(), attention.values(), dropped, last, fused);
        Optional<String> obstacle = positions(attention, keys.get(), values.get())
                .or(() -> rotations(attention, query, key, value, keys.get(), values.get(), uses))
                .or(() -> order(uses, match, taken));
        obstacle.ifPresent(sentence -> report.left(name(), where, sentence));
        return obstacle.isEmpty() ? Optional.of(match) : Optional.empty();
    }

    private static Optional<String> positions(Attention attention, StateWrite keys, StateWrite values) {
        if (!keys.position().equals(attention.position())) {
            return Optional.of("The keys are written at another position than the attention's.");
        }
        if (!values.position().equals(attention.position())) {
            return Optional.of("The values are written at another position than the attention's.");
        }
        return keys.state().equals(values.state())
                ? Optional.of("Keys and values are written to one state.")
                : Optional.empty();
    }

    private static Optional<String> rotations(
            Attention attention,
            HeadsChain query,
            HeadsChain key,
            HeadsChain value,
            StateWrite keys,
            StateWrite values,
            Uses uses) {
        if (value.rope().isPresent() || uses.made(values.x(), Rope.class).isPresent()) {
            return Optional.of("The values are rotated.");
        }
        if (key.rope().isEmpty() && uses.made(keys.x(), Rope.class).isPresent()) {
            return Optional.of(keys.x() + " has another use.");
        }
        if (!query.rope().map(Rope::rotation).equals(key.rope().map(Rope::rotation))
                || !query.rope().flatMap(Rope::factors).equals(key.rope().flatMap(Rope::factors))) {
            return Optional.of("Query and key are not rotated alike.");
        }
        for (HeadsChain each : List.of(query, key)) {
            if (each.rope().isPresent() && !each.rope().get().position().equals(attention.position())) {
                return Optional.of("Query and key are rotated for another position than the attention's.");
            }
        }
        int size = attention.headSize();
        return query.rope().filter(rope -> rope.rotation().headSize() != size).isPresent()
                ? Optional.of("The heads that are rotated are not those of the attention.")
                : Optional.empty();
    }

    private static Optional<String> order(Uses uses, Match match, Set<Value> taken) {
        PlaceHeads fused = match.fused();
        for (PlaceHeads.Part part : fused.parts()) {
            if (!part.x().tensor().rows().equals(fused.query().x().tensor().rows())) {
                return Optional.of("Query, key and value do not have the same rows.");
            }
        }
        for (Value each : match.dropped()) {
            if (taken.contains(each)) {
                return Optional.of("Another attention has put some of these heads into place already.");
            }
        }
        for (Value result : List.of(match.query(), match.keys(), match.values())) {
            for (int user : uses.of(result)) {
                if (match.dropped().contains(result) && user <= match.last()) {
                    return Optional.of(result + " is used before all parts are there.");
                }
            }
        }
        return Optional.empty();
    }
}
