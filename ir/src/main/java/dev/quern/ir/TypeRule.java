package dev.quern.ir;

/** What the operands of the operations at the tensor stage must be. Each rule has a golden file that breaks it. */
public enum TypeRule {
    /** An operand that must be a tensor is not a state. */
    TENSOR,
    /** An operand that must be a state is not a tensor. */
    STATE,
    /** Activations are f32. */
    ACTIVATIONS_F32,
    /** Activations are matrices, one row a token. */
    ACTIVATIONS_MATRIX,
    /** A position is {@code u32[1]}. */
    POSITION,
    /** {@code embed}: the tokens are u32. */
    EMBED_TOKENS,
    /** {@code embed}: the table is a matrix. */
    EMBED_TABLE,
    /** {@code rms_norm}: the gain's elements divide the columns. */
    NORM_GAIN,
    /** {@code matmul} and {@code linear}: the weight is a matrix. */
    PRODUCT_WEIGHT,
    /** {@code matmul} and {@code linear}: both sides have the same columns. */
    PRODUCT_COLUMNS,
    /** {@code linear}: the gain has an element for each column. */
    LINEAR_NORM,
    /** {@code linear}: the parts divide the weight's rows. */
    LINEAR_PARTS,
    /** {@code embed} and {@code linear}: the rows of a slice lie in the whole. */
    SLICE_WITHIN,
    /** {@code embed} and {@code linear}: what has the other parts of the result has its type. */
    SLICE_OTHERS,
    /** {@code products}: there is a weight at least. */
    PRODUCTS_WEIGHT,
    /** {@code products}: the gain of a sum has an element for each column. */
    PRODUCTS_SUM,
    /** {@code map}: an activation is read. */
    MAP_ACTIVATION,
    /** {@code map} and {@code linear}: the expression reads only parts that there are. */
    POINTWISE_PART,
    /** {@code map} and {@code linear}: the activations in an expression have the type of the result. */
    POINTWISE_ELEMENT,
    /** {@code map} and {@code linear}: a vector in an expression has an element for each column. */
    POINTWISE_VECTOR,
    /** {@code map} and {@code linear}: the constants in an expression are finite. */
    POINTWISE_CONSTANT,
    /** {@code columns}: they lie in the operand. */
    COLUMNS_WITHIN,
    /** {@code rope}: the columns divide into heads. */
    ROPE_HEADS,
    /** {@code rope} and {@code place_heads}: there is a factor for each rotated pair. */
    ROPE_FACTORS,
    /** {@code state_write}: rows are as wide as the state's. */
    STATE_COLUMNS,
    /** {@code attention} and {@code place_heads}: query heads share key and value heads evenly. */
    HEADS_SHARED,
    /** {@code attention}: the columns divide into heads. */
    ATTENTION_HEADS,
    /** {@code attention}: the keys are as wide as their heads. */
    ATTENTION_KEYS,
    /** {@code attention}: the values are as wide as their heads. */
    ATTENTION_VALUES,
    /** {@code attention}: a window holds at least one position. */
    ATTENTION_WINDOW,
    /** {@code attention}: a cap is positive and finite. */
    ATTENTION_CAP,
    /** A step of sharpening is at least one position, its strength finite. */
    ATTENTION_SHARPENING,
    /** {@code place_heads}: the keys divide into heads, of the size that is rotated. */
    PLACE_HEADS_KEYS,
    /** {@code place_heads}: the values are as wide as the keys. */
    PLACE_HEADS_VALUES,
    /** {@code place_heads}: query, key and value have the same rows. */
    PLACE_HEADS_ROWS,
    /** {@code place_heads}: the columns of each part lie in its value. */
    PLACE_HEADS_COLUMNS,
    /** {@code place_heads}: a gain has an element for each of a head, or for each column of its part. */
    PLACE_HEADS_NORM
}
