package dev.quern.codegen.lowering;

import dev.quern.ir.verify.Place;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An operation for which the device profile has no kernel. The message says which, why, and what to do. */
public final class SelectionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient @Nullable Place place;

    public SelectionException(String message) {
        this(message, null);
    }

    public SelectionException(String message, @Nullable Place place) {
        super(message);
        this.place = place;
    }

    /** Where in the module that operation stands, if it is known. */
    public Optional<Place> place() {
        return Optional.ofNullable(place);
    }

    /** The same, said of a place in the module. */
    public SelectionException at(Place where) {
        SelectionException placed = new SelectionException(String.valueOf(getMessage()), where);
        placed.setStackTrace(getStackTrace());
        return placed;
    }
}
