package dev.quern.text.chat;

import org.jspecify.annotations.Nullable;

/** Times as text: the formats of C's {@code strftime} in English. */
final class TimeFormat {
    private static final String[] MONTHS = {
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December"
    };
    private static final String[] DAYS = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

    private TimeFormat() {}

    static String format(Evaluation evaluation, ChatTime time, String format) {
        BoundedText out = new BoundedText(evaluation);
        for (int at = 0; at < format.length(); at++) {
            char unit = format.charAt(at);
            if (unit != '%' || at + 1 == format.length()) {
                out.append(String.valueOf(unit));
                continue;
            }
            char letter = format.charAt(++at);
            boolean bare = letter == '-' && at + 1 < format.length();
            letter = bare ? format.charAt(++at) : letter;
            String field = field(time, letter);
            if (field == null) {
                throw evaluation.unsupported("the field '%" + (bare ? "-" : "") + letter + "' of 'strftime_now'.");
            }
            while (bare && field.length() > 1 && field.charAt(0) == '0') {
                field = field.substring(1);
            }
            out.append(field);
        }
        return out.toString();
    }

    private static @Nullable String field(ChatTime time, char letter) {
        int weekday = time.weekday();
        return switch (letter) {
            case 'Y' -> padded(time.year(), 4);
            case 'y' -> padded(time.year() % 100, 2);
            case 'm' -> padded(time.month(), 2);
            case 'd' -> padded(time.day(), 2);
            case 'e' -> (time.day() < 10 ? " " : "") + time.day();
            case 'H' -> padded(time.hour(), 2);
            case 'I' -> padded((time.hour() + 11) % 12 + 1, 2);
            case 'M' -> padded(time.minute(), 2);
            case 'S' -> padded(time.second(), 2);
            case 'f' -> "000000";
            case 'p' -> time.hour() < 12 ? "AM" : "PM";
            case 'B' -> MONTHS[time.month() - 1];
            case 'b', 'h' -> MONTHS[time.month() - 1].substring(0, 3);
            case 'A' -> DAYS[weekday];
            case 'a' -> DAYS[weekday].substring(0, 3);
            case 'u' -> padded(weekday + 1, 1);
            case 'w' -> padded((weekday + 1) % 7, 1);
            case 'j' -> padded(time.dayOfYear(), 3);
            case 'U' -> padded((time.dayOfYear() + 6 - (weekday + 1) % 7) / 7, 2);
            case 'W' -> padded((time.dayOfYear() + 6 - weekday) / 7, 2);
            case 'F' -> padded(time.year(), 4) + "-" + padded(time.month(), 2) + "-" + padded(time.day(), 2);
            case 'D', 'x' -> padded(time.month(), 2) + "/" + padded(time.day(), 2) + "/" + padded(time.year() % 100, 2);
            case 'T', 'X' -> padded(time.hour(), 2) + ":" + padded(time.minute(), 2) + ":" + padded(time.second(), 2);
            case 'R' -> padded(time.hour(), 2) + ":" + padded(time.minute(), 2);
            case 'c' ->
                field(time, 'a') + " " + field(time, 'b') + " " + field(time, 'e') + " " + field(time, 'T') + " "
                        + field(time, 'Y');
            case 'z', 'Z' -> "";
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default -> null;
        };
    }

    private static String padded(int number, int digits) {
        String text = Integer.toString(number);
        return Strings.repeat("0", digits - text.length()) + text;
    }
}
