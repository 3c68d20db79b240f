package dev.quern.ir.text.read;

import java.util.List;
import java.util.Optional;

/**
 * A text taken apart by the grammar and by nothing else: names need not be defined, words need not be known, numbers
 * are what is written. Every part says where it stands, so that whoever gives it a meaning can complain at the place.
 * {@link Reader#tree} makes it.
 *
 * @param source the text itself, which turns complaints into exceptions
 * @param name what stands after {@code module}
 * @param stage what stands after {@code at}
 * @param declarations in their order
 * @param functions in their order
 */
public record Tree(
        Source source, Literal.Text name, Word stage, List<Declaration> declarations, List<Function> functions) {
    public Tree {
        declarations = List.copyOf(declarations);
        functions = List.copyOf(functions);
    }

    /** A bare word: an operation, an attribute, an encoding, a constant. */
    public record Word(At at, String text) implements Literal {}

    /** Which mark a name has. */
    public enum Kind {
        /** {@code %name}. */
        VALUE,
        /** {@code @name}. */
        GLOBAL,
        /** {@code ?name}. */
        SYMBOL
    }

    /** A name without its mark and without quotation marks. */
    public record Name(At at, Kind kind, String text) implements Literal, Dim, Subject {}

    /** {@code [start..end]}: from the first number, without the last. */
    public record Range(At at, long start, long end) {}

    /** What stands before the functions, one a line. */
    public sealed interface Declaration {
        /** Where it begins. */
        At at();

        /** {@code symbol ?name <= max}. */
        record Symbol(At at, Name name, Literal.Whole max) implements Declaration {}

        /** {@code weight @name : type {attributes}}. */
        record Weight(At at, Name name, Type.Tensor type, List<Attribute> attributes) implements Declaration {
            public Weight {
                attributes = List.copyOf(attributes);
            }
        }

        /**
         * {@code word "text" @global %value : type {attributes}}, of which only the word must be there; subjects in any
         * order.
         */
        record Other(At at, Word word, List<Subject> subjects, Optional<Extent> extent, List<Attribute> attributes)
                implements Declaration {
            public Other {
                subjects = List.copyOf(subjects);
                attributes = List.copyOf(attributes);
            }
        }
    }

    /** What another declaration is about. */
    public sealed interface Subject permits Name, Literal.Text {
        /** Where it begins. */
        At at();
    }

    /** What stands after the colon of another declaration: {@code bytes[64]} or {@code bytes[0..64]}. */
    public sealed interface Extent {
        /** {@code word[start..end]}. */
        record Span(Word unit, Range range) implements Extent {}

        /** {@code word[dim, …]}. */
        record Whole(Type.Tensor type) implements Extent {}
    }

    /** {@code func @name(parameters) -> types { body return results }}. */
    public record Function(
            At at,
            Name name,
            List<Parameter> parameters,
            Optional<Types> types,
            List<Statement> body,
            At resultsAt,
            List<Name> results) {
        public Function {
            parameters = List.copyOf(parameters);
            body = List.copyOf(body);
            results = List.copyOf(results);
        }
    }

    /** {@code %name: type}. */
    public record Parameter(Name name, Type type) {}

    /**
     * {@code %results = operation "label" @callee arguments {attributes} by kernel : types}, of which only the
     * operation must be there, and one of attributes and types; an expression in place of callee and arguments.
     */
    public record Statement(
            At at,
            List<Name> results,
            Word operation,
            Optional<Literal.Text> label,
            Optional<Name> callee,
            List<Argument> arguments,
            Optional<Expression> expression,
            List<Attribute> attributes,
            Optional<Kernel> kernel,
            Optional<Types> types) {
        public Statement {
            results = List.copyOf(results);
            arguments = List.copyOf(arguments);
            attributes = List.copyOf(attributes);
        }
    }

    /** {@code by family {parameters} binds bindings grid [axes]}: what runs the operation before it. */
    public record Kernel(At at, String family, List<Attribute> parameters, List<Bound> bindings, List<Literal> axes) {
        public Kernel {
            parameters = List.copyOf(parameters);
            bindings = List.copyOf(bindings);
            axes = List.copyOf(axes);
        }
    }

    /** {@code %value as %result}, of which the result may be left out. */
    public record Bound(Name value, Optional<Name> result) {}

    /** {@code access @name[start..end]}, of which only the name must be there. */
    public record Argument(At at, Optional<Word> access, Name name, Optional<Range> range) {}

    /** One type or several. */
    public record Types(At at, List<Type> types) {
        public Types {
            types = List.copyOf(types);
        }
    }

    /** The type of a value. */
    public sealed interface Type {
        /** Where it begins. */
        At at();

        /** {@code encoding[dim, …]}. */
        record Tensor(Word encoding, List<Dim> shape) implements Type {
            public Tensor {
                shape = List.copyOf(shape);
            }

            @Override
            public At at() {
                return encoding.at();
            }
        }

        /** {@code wrapper<tensor>}. */
        record Wrapped(Word wrapper, Tensor contents) implements Type {
            @Override
            public At at() {
                return wrapper.at();
            }
        }
    }

    /** A number or a symbol. */
    public sealed interface Dim permits Name, Literal.Whole {
        /** Where it begins. */
        At at();
    }

    /** {@code name = literal}. */
    public record Attribute(Word name, Literal literal) {
        /** Where it begins. */
        public At at() {
            return name.at();
        }
    }

    /** What stands to the right of an attribute: a word, a name, or one of these. */
    public sealed interface Literal {
        /** Where it begins. */
        At at();

        /** {@code 42}. */
        record Whole(At at, long value) implements Literal, Dim {}

        /** {@code 1.0e-5}. */
        record Real(At at, float value) implements Literal {}

        /** {@code true} or {@code false}. */
        record Flag(At at, boolean value) implements Literal {}

        /** {@code "text"}, or a part of what the text names, {@code "text"[start..end]}. */
        record Text(At at, String value, Optional<Range> range) implements Literal, Subject {}

        /** {@code dim * factor /^ divisor}, at least one of the two there or the dim a symbol. */
        record Size(At at, Dim dim, Optional<Whole> factor, Optional<Whole> divisor) implements Literal {}

        /** {@code (expression)}. */
        record Computed(At at, Expression expression) implements Literal {}

        /** {@code [item, …]}. */
        record Items(At at, List<Literal> items) implements Literal {
            public Items {
                items = List.copyOf(items);
            }
        }
    }

    /** A function of single elements. */
    public sealed interface Expression {
        /** Where it begins. */
        At at();

        /** {@code 0.5}. */
        record Constant(At at, float value) implements Expression {}

        /** {@code #0}. */
        record Part(At at, long index) implements Expression {}

        /** {@code %name} or {@code @name}. */
        record Operand(Name name) implements Expression {
            @Override
            public At at() {
                return name.at();
            }
        }

        /** {@code function(argument, …)}. */
        record Call(Word function, List<Expression> arguments) implements Expression {
            public Call {
                arguments = List.copyOf(arguments);
            }

            @Override
            public At at() {
                return function.at();
            }
        }

        /** {@code left sign right}. */
        record Infix(Word sign, Expression left, Expression right) implements Expression {
            @Override
            public At at() {
                return left.at();
            }
        }
    }
}
