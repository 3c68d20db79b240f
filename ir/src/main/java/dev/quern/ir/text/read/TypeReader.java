package dev.quern.ir.text.read;

import dev.quern.ir.Dim;
import dev.quern.ir.Encoding;
import dev.quern.ir.StateType;
import dev.quern.ir.TensorType;
import dev.quern.ir.Type;
import dev.quern.ir.text.Names;
import dev.quern.ir.text.Nearest;
import java.util.ArrayList;
import java.util.List;

/** Reads types and knows the symbols that they may name. */
final class TypeReader {
    private final Source source;
    private final List<Dim.Symbol> symbols = new ArrayList<>();

    TypeReader(Source source) {
        this.source = source;
    }

    List<Dim.Symbol> symbols() {
        return List.copyOf(symbols);
    }

    void declare(Tree.Declaration.Symbol symbol) {
        long max = symbol.max().value();
        if (max < 1) {
            throw source.error(symbol.max().at(), "the bound of a symbol must be at least 1, not " + max);
        }
        symbols.add(new Dim.Symbol(symbol.name().text(), max));
    }

    List<Type> types(Tree.Types types) {
        List<Type> read = new ArrayList<>();
        types.types().forEach(type -> read.add(type(type)));
        return List.copyOf(read);
    }

    Type type(Tree.Type type) {
        return switch (type) {
            case Tree.Type.Tensor tensor -> tensor(tensor);
            case Tree.Type.Wrapped state -> {
                if (!state.wrapper().text().equals("state")) {
                    throw source.error(
                            state.at(),
                            "expected state<...>, found " + state.wrapper().text() + "<...>");
                }
                yield new StateType(tensor(state.contents()));
            }
        };
    }

    TensorType tensor(Tree.Type.Tensor tensor) {
        String name = tensor.encoding().text();
        Encoding encoding = Encoding.named(name)
                .orElseThrow(() -> source.error(
                        tensor.at(), "there is no encoding '" + name + "'" + Nearest.among(name, encodings())));
        List<Dim> shape = new ArrayList<>();
        tensor.shape().forEach(dim -> shape.add(dim(dim)));
        return new TensorType(encoding, shape);
    }

    Dim dim(Tree.Dim dim) {
        return switch (dim) {
            case Tree.Name symbol -> symbol(symbol);
            case Tree.Literal.Whole extent -> {
                if (extent.value() < 1) {
                    throw source.error(extent.at(), "an extent must be at least 1, not " + extent.value());
                }
                yield new Dim.Fixed(extent.value());
            }
        };
    }

    private Dim.Symbol symbol(Tree.Name name) {
        for (Dim.Symbol symbol : symbols) {
            if (symbol.name().equals(name.text())) {
                return symbol;
            }
        }
        String printed = "?" + Names.print(name.text());
        throw source.error(name.at(), printed + " is not declared; write: symbol " + printed + " <= 64");
    }

    private static List<String> encodings() {
        List<String> names = new ArrayList<>();
        for (Encoding encoding : Encoding.Scalar.values()) {
            names.add(encoding.text());
        }
        for (Encoding encoding : Encoding.Block.values()) {
            names.add(encoding.text());
        }
        return names;
    }
}
