package dev.quern.ir;

import java.util.List;
import java.util.function.UnaryOperator;

/** What a statement computes. Operations are records: equal operations compute equal results. */
public sealed interface Op permits TensorOp, Dispatch {

    /** The values read, in the order of the text form. */
    List<Value> operands();

    /** The same operation on other values. */
    Op map(UnaryOperator<Value> change);

    /**
     * The types of the results, derived from the operands.
     *
     * @throws TypeException if the operands do not fit together
     */
    List<Type> infer();
}
