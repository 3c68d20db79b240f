package dev.quern.cli.ir;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.quern.text.JsonFault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Numbers for parameters out of a JSON object: {@code {"tokens": [1, 5], "position": 0, "x": [[0.5, 1], [2, 3]]}}. */
public final class InputFile {
    private InputFile() {}

    /**
     * The numbers by parameter, lists of lists in order.
     *
     * @param name of the file, for errors
     */
    public static Map<String, double[]> read(String name, String text) {
        JsonObject object;
        try {
            object = JsonParser.object().from(text);
        } catch (JsonParserException e) {
            throw new IrException(name + " is no JSON object: " + JsonFault.of(text, e) + ".", e);
        }
        Map<String, double[]> inputs = new LinkedHashMap<>();
        new TreeMap<>(object).forEach((parameter, value) -> {
            List<Double> numbers = new ArrayList<>();
            collect(name + ": " + parameter, value, numbers);
            inputs.put(
                    parameter, numbers.stream().mapToDouble(Double::doubleValue).toArray());
        });
        return inputs;
    }

    private static void collect(String where, @Nullable Object value, List<Double> target) {
        switch (value) {
            case Number number -> target.add(number.doubleValue());
            case List<?> items -> items.forEach(item -> collect(where, item, target));
            case null, default ->
                throw new IrException(where + ": a number or a list of numbers is expected, found " + value + ".");
        }
    }
}
