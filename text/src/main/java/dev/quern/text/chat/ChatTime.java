package dev.quern.text.chat;

/**
 * A date and a time of day, without a zone, as templates write them into prompts. The caller reads the clock: a
 * template given the same request renders the same text.
 *
 * @param year from 1 to 9999
 * @param month from 1 to 12
 * @param day from 1 to what the month has
 * @param hour from 0 to 23
 * @param minute from 0 to 59
 * @param second from 0 to 59
 */
public record ChatTime(int year, int month, int day, int hour, int minute, int second) {
    /**
     * A time.
     *
     * @throws ChatTemplateException if there is no such time
     */
    public ChatTime {
        boolean date = year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= days(year, month);
        boolean time = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
        if (!date || !time) {
            throw ChatTemplateException.ofRequest("there is no time " + year + "-" + month + "-" + day + " " + hour
                    + ":" + minute + ":" + second + ".");
        }
    }

    private static int days(int year, int month) {
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return switch (month) {
            case 2 -> leap ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    /** The day of the year, from 1. */
    int dayOfYear() {
        int before = 0;
        for (int earlier = 1; earlier < month; earlier++) {
            before += days(year, earlier);
        }
        return before + day;
    }

    /** The day of the week, from 0 for Monday. */
    int weekday() {
        int years = year - 1;
        return (years * 365 + years / 4 - years / 100 + years / 400 + dayOfYear() - 1) % 7;
    }
}
