package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp.Columns;
import dev.quern.ir.TensorOp.Rope;
import dev.quern.ir.TensorOp.RopeWrite;
import dev.quern.ir.TensorOp.StateWrite;
import dev.quern.ir.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rotates queries and keys and writes keys and values in one operation.
 *
 * <pre>
 * %q = columns %qkv {queries}
 * %k = columns %qkv {keys}
 * %v = columns %qkv {values}
 * %q1 = rope %q, %position
 * %k1 = rope %k, %position
 * %ks = state_write %keys, %k1, %position
 * %vs = state_write %values, %v, %position    →    %q1, %ks, %vs = rope_write %qkv, %position, %keys, %values
 * </pre>
 *
 * <p>The statements may stand in any order; the new one stands where the last of them stood.
 *
 * <p>When not: queries, keys and values are not three neighbouring parts of one value that fill it; the two rotations
 * or the positions differ; one of the parts has another use; a result is used before the last of the statements.
 */
public final class FuseRopeWrite implements Pass {
    @Override
    public String name() {
        return "fuse-rope-write";
    }

    @Override
    public Module run(Module module, PassReport report) {
        return Functions.each(module, function -> fuse(function, report));
    }

    /** A rotation of columns: the statement, and what is rotated. */
    private record Rotated(Statement statement, Rope rope, Columns columns) {}

    /** The statements to replace by one. */
    private record Match(Statement query, Statement keys, Statement values, RopeWrite fused) {
        List<Statement> statements() {
            return List.of(query, keys, values);
        }
    }

    private Function fuse(Function function, PassReport report) {
        Uses uses = new Uses(function);
        Map<Integer, Match> matches = new HashMap<>();
        Set<Statement> dropped = new HashSet<>();
        for (Statement statement : function.body()) {
            if (statement.op() instanceof StateWrite write
                    && uses.made(write.x(), Rope.class).isPresent()) {
                Optional<Match> match = match(function, uses, statement, write, report);
                if (match.isPresent()) {
                    matches.put(last(uses, match.get().statements()), match.get());
                    dropped.addAll(match.get().statements());
                }
            }
        }
        Rewriter rewriter = new Rewriter(function);
        for (int index = 0; index < function.body().size(); index++) {
            Statement statement = function.body().get(index);
            if (!dropped.contains(statement)) {
                rewriter.add(statement);
            }
            Match match = matches.get(index);
            if (match != null) {
                List<Value> results = List.of(
                        match.query().result(),
                        match.keys().result(),
                        match.values().result());
                rewriter.add(results, match.fused());
                report.done(
                        name(),
                        Functions.where(function, match.query().result()),
                        "Rotation and writes of " + match.fused().qkv() + " became one operation.");
            }
        }
        return Functions.dropUnused(rewriter.build(), function);
    }

    private Optional<Match> match(
            Function function, Uses uses, Statement keysStatement, StateWrite keys, PassReport report) {
        Rope rope = uses.made(keys.x(), Rope.class).orElseThrow();
        String where = Functions.where(function, keysStatement.result());
        Optional<Columns> key = uses.made(rope.x(), Columns.class);
        if (key.isEmpty()) {
            report.left(name(), where, "The keys are no part of a common product.");
            return Optional.empty();
        }
        Value qkv = key.get().x();
        long queryWidth = key.get().start();
        long keyWidth = key.get().extent();
        if (qkv.tensor().columns() != queryWidth + 2 * keyWidth) {
            report.left(name(), where, "Queries, keys and values do not fill " + qkv + ".");
            return Optional.empty();
        }
        Optional<Rotated> query = query(function, uses, new Columns(qkv, 0, queryWidth), rope);
        Optional<Statement> values = values(function, uses, new Columns(qkv, queryWidth + keyWidth, keyWidth), keys);
        if (query.isEmpty() || values.isEmpty()) {
            report.left(
                    name(),
                    where,
                    query.isEmpty()
                            ? "No columns of queries are rotated as these keys are."
                            : "No columns of values are written at this position.");
            return Optional.empty();
        }
        StateWrite value = (StateWrite) values.get().op();
        Match match = new Match(
                query.get().statement(),
                keysStatement,
                values.get(),
                new RopeWrite(
                        qkv,
                        rope.position(),
                        rope.factors(),
                        keys.state(),
                        value.state(),
                        (int) (queryWidth / rope.rotation().headSize()),
                        (int) (keyWidth / rope.rotation().headSize()),
                        rope.rotation()));
        Optional<String> obstacle = obstacle(
                uses, match, List.of(keys.x(), rope.x(), query.get().rope().x(), value.x()));
        obstacle.ifPresent(sentence -> report.left(name(), where, sentence));
        return obstacle.isEmpty() ? Optional.of(match) : Optional.empty();
    }

    private static Optional<Rotated> query(Function function, Uses uses, Columns wanted, Rope keyRope) {
        return function.body().stream()
                .filter(s -> s.op() instanceof Rope rope
                        && uses.made(rope.x(), Columns.class).equals(Optional.of(wanted))
                        && rope.position().equals(keyRope.position())
                        && rope.factors().equals(keyRope.factors())
                        && rope.rotation().equals(keyRope.rotation()))
                .map(s -> new Rotated(s, (Rope) s.op(), wanted))
                .findFirst();
    }

    private static Optional<Statement> values(Function function, Uses uses, Columns wanted, StateWrite keys) {
        return function.body().stream()
                .filter(s -> s.op() instanceof StateWrite write
                        && uses.made(write.x(), Columns.class).equals(Optional.of(wanted))
                        && write.position().equals(keys.position())
                        && !write.state().equals(keys.state()))
                .findFirst();
    }

    private static Optional<String> obstacle(Uses uses, Match match, List<Value> between) {
        RopeWrite fused = match.fused();
        for (Value value : between) {
            if (!uses.once(value)) {
                return Optional.of(value + " has another use.");
            }
        }
        if (!fused.position().equals(((StateWrite) match.keys().op()).position())) {
            return Optional.of("The keys are rotated for one position and written at another.");
        }
        if (fused.heads() < 1 || fused.heads() % fused.keyValueHeads() != 0) {
            return Optional.of(fused.heads() + " query heads do not share " + fused.keyValueHeads()
                    + " key and value heads evenly.");
        }
        int last = last(uses, match.statements());
        for (Statement statement : match.statements()) {
            for (int user : uses.of(statement.result())) {
                if (user <= last) {
                    return Optional.of(statement.result() + " is used before all parts are there.");
                }
            }
        }
        return Optional.empty();
    }

    private static int last(Uses uses, List<Statement> statements) {
        return statements.stream()
                .mapToInt(s -> uses.definition(s.result()))
                .max()
                .orElseThrow();
    }
}
