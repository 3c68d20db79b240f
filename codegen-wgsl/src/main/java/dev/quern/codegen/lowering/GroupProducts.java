package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.ir.KernelInstance;
import java.util.List;
import java.util.Optional;

/**
 * Products for GPUs: the lanes of a workgroup share the columns of its rows, and their sums meet in workgroup memory.
 *
 * @param product what is computed
 */
record GroupProducts(Product product) {
    Variant variant() {
        int lanes = product.profile().lanes();
        Finish finish = product.finish(RowKernels.INPUT);
        KernelDefinition definition = RowKernels.definition(
                "matmul_group",
                product,
                finish,
                Slot.readWrite("x", "vec4f"),
                Optional.of(new Constant.Whole("LANES", lanes)),
                List.of(),
                List.of());
        KernelInstance kernel = KernelInstance.of("matmul.group")
                .with("lanes", lanes)
                .with("tiles", RowKernels.TILES)
                .with("tokens", product.atOnce());
        return product.variant(
                kernel,
                definition,
                finish,
                RowKernels.groups(product),
                new Product.About(
                        "The profile " + product.profile().name() + " lets the " + lanes
                                + " lanes of a workgroup share the columns of its rows; one kernel serves one token and"
                                + " many, a token a workgroup.",
                        RowKernels.rows(product),
                        "The input is bound as storage: for a GPU a uniform is no faster, and smaller.",
                        product.decoding()));
    }
}
