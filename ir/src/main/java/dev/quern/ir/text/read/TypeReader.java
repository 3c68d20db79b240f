package dev.quern.ir.text.read;

import dev.quern.ir.Dim;
import dev.quern.ir.Encoding;
import dev.quern.ir.StateType;
import dev.quern.ir.TensorType;
import dev.quern.ir.Type;
import dev.quern.ir.text.read.grammar.QuernIrParser;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.tree.TerminalNode;

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

    void declare(QuernIrParser.SymbolDeclarationContext tree) {
        String name = Spelling.name(tree.SYMBOL());
        long max = Spelling.whole(source, tree.INT().getSymbol());
        if (max < 1) {
            throw source.error(tree.INT().getSymbol(), "the bound of a symbol is at least 1, not " + max);
        }
        symbols.add(new Dim.Symbol(name, max));
    }

    List<Type> types(QuernIrParser.TypesContext tree) {
        List<Type> read = new ArrayList<>();
        tree.type().forEach(type -> read.add(type(type)));
        return List.copyOf(read);
    }

    Type type(QuernIrParser.TypeContext tree) {
        return switch (tree) {
            case QuernIrParser.TensorTypeContext type -> tensor(type.tensor());
            case QuernIrParser.StateTypeContext type -> {
                if (!type.word().getText().equals("state")) {
                    throw source.error(
                            type, "expected state<...>, found " + type.word().getText() + "<...>");
                }
                yield new StateType(tensor(type.tensor()));
            }
            default -> throw new IllegalStateException("a type of an unknown kind: " + tree);
        };
    }

    TensorType tensor(QuernIrParser.TensorContext tree) {
        String name = tree.word().getText();
        Encoding encoding = Encoding.named(name)
                .orElseThrow(() -> source.error(tree, "there is no encoding '" + name + "'; there are " + encodings()));
        List<Dim> shape = new ArrayList<>();
        tree.dim().forEach(dim -> shape.add(dim(dim)));
        return new TensorType(encoding, shape);
    }

    Dim dim(QuernIrParser.DimContext tree) {
        if (tree.SYMBOL() != null) {
            return symbol(tree.SYMBOL());
        }
        long extent = Spelling.whole(source, tree.INT().getSymbol());
        if (extent < 1) {
            throw source.error(tree, "an extent is at least 1, not " + extent);
        }
        return new Dim.Fixed(extent);
    }

    Dim.Symbol symbol(TerminalNode node) {
        String name = Spelling.name(node);
        for (Dim.Symbol symbol : symbols) {
            if (symbol.name().equals(name)) {
                return symbol;
            }
        }
        throw source.error(
                node.getSymbol(), node.getText() + " is not declared; write: symbol " + node.getText() + " <= 64");
    }

    private static String encodings() {
        List<String> names = new ArrayList<>();
        for (Encoding encoding : Encoding.Scalar.values()) {
            names.add(encoding.text());
        }
        for (Encoding encoding : Encoding.Block.values()) {
            names.add(encoding.text());
        }
        return String.join(", ", names);
    }
}
