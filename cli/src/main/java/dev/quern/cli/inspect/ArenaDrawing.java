package dev.quern.cli.inspect;

import dev.quern.cli.terminal.Visible;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.MemoryCertificate;
import dev.quern.plan.MemoryCertificate.Region;
import dev.quern.plan.Plan;
import java.util.List;

/**
 * The arenas as a picture, in SVG: steps from left to right, bytes from the top down; a value is a rectangle, as wide
 * as it lives and as high as it is large. What lies beside each other shares no byte, what lies above each other is
 * live at one time.
 *
 * @param plan whose arenas are drawn, an entry point below the other
 */
public record ArenaDrawing(Plan plan) {
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 320;
    private static final int MARGIN = 16;
    private static final int TITLE = 28;

    /** Narrower or lower rectangles have no room for a name. */
    private static final double NAMED_WIDTH = 70;

    private static final double NAMED_HEIGHT = 12;

    /** Hues far from each other, in turn, so that neighbours differ. */
    private static final List<String> COLOURS =
            List.of("#7fb3d5", "#f5b971", "#a3d39c", "#d7a3c8", "#f1948a", "#c5c276", "#9fa8da", "#80cbc4");

    /** The whole picture. */
    public String svg() {
        MemoryCertificate memory = plan.memory();
        List<EntryPoint> drawn = plan.entryPoints().stream()
                .filter(entry -> memory.regions().stream()
                        .anyMatch(region -> region.entryPoint().equals(entry.name())))
                .toList();
        int height = MARGIN + drawn.size() * (TITLE + HEIGHT + MARGIN);
        StringBuilder svg = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(WIDTH + 2 * MARGIN)
                .append(' ')
                .append(height)
                .append("\" font-family=\"sans-serif\" font-size=\"10\">\n")
                .append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        int top = MARGIN;
        for (EntryPoint entry : drawn) {
            draw(svg, entry, top);
            top += TITLE + HEIGHT + MARGIN;
        }
        return svg.append("</svg>\n").toString();
    }

    private void draw(StringBuilder svg, EntryPoint entry, int top) {
        MemoryCertificate memory = plan.memory();
        int steps = entry.steps().size();
        svg.append("<text x=\"")
                .append(MARGIN)
                .append("\" y=\"")
                .append(top + 14)
                .append("\" font-size=\"13\">")
                .append(escaped(entry.name() + ", " + plan.profile().name() + ": " + steps + " steps, arena "
                        + memory.arenaBytes() + " bytes, lower bound " + memory.lowerBoundBytes() + " bytes"))
                .append("</text>\n");
        int from = top + TITLE;
        svg.append(rectangle(MARGIN, from, WIDTH, HEIGHT, "#f4f4f4")).append("/>\n");
        int colour = 0;
        for (Region region : memory.regions()) {
            if (region.entryPoint().equals(entry.name())) {
                draw(svg, region, steps, from, COLOURS.get(colour++ % COLOURS.size()));
            }
        }
    }

    private void draw(StringBuilder svg, Region region, int steps, int from, String colour) {
        double bytes = plan.memory().arenaBytes();
        double x = MARGIN + (double) WIDTH * region.firstStep() / steps;
        double width = (double) WIDTH * (region.lastStep() + 1 - region.firstStep()) / steps;
        double y = from + HEIGHT * (region.offset() / bytes);
        double height = HEIGHT * (region.bytes() / bytes);
        String what = region.value() + ": " + region.bytes() + " bytes from " + region.offset() + ", steps "
                + region.firstStep() + " to " + region.lastStep();
        svg.append(rectangle(x, y, width, height, colour))
                .append(" stroke=\"#ffffff\" stroke-width=\"0.5\"><title>")
                .append(escaped(what))
                .append("</title></rect>\n");
        if (width >= NAMED_WIDTH && height >= NAMED_HEIGHT) {
            svg.append("<text x=\"")
                    .append(number(x + 3))
                    .append("\" y=\"")
                    .append(number(y + height / 2 + 3))
                    .append("\">")
                    .append(escaped(region.value()))
                    .append("</text>\n");
        }
    }

    /** A rectangle's beginning, without its end. */
    private static String rectangle(double x, double y, double width, double height, String colour) {
        return "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width) + "\" height=\""
                + number(height) + "\" fill=\"" + colour + "\"";
    }

    /** Two decimals are finer than any screen. */
    private static String number(double value) {
        return Double.toString(Math.round(value * 100) / 100.0);
    }

    /** Names come from model files, so nothing in them may end a text or an element. */
    private static String escaped(String text) {
        return Visible.line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
