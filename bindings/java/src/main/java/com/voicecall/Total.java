package com.voicecall;

import com.voicecall.internal.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What CDRs add up to.
 */
public final class Total {
    private final Map<String, String> group;
    private final long calls;
    private final long answered;
    private final long talkSeconds;
    private final long billableMinutes;
    private final boolean inferred;
    private final long withoutMinutes;
    private final String price;

    Total(Value value, String at, List<String> by) {
        Map<String, String> named = new LinkedHashMap<>();
        by.forEach(name -> named.put(name, value.text(at + "/" + name)));
        group = Collections.unmodifiableMap(named);
        calls = number(value, at + "/calls");
        answered = number(value, at + "/answered");
        talkSeconds = number(value, at + "/talk_seconds");
        billableMinutes = number(value, at + "/billable_minutes");
        inferred = value.flag(at + "/inferred", false);
        withoutMinutes = number(value, at + "/without_minutes");
        price = value.text(at + "/price/amount");
    }

    /**
     * What was asked to be grouped by, with its value.
     *
     * @return values by name; null where the records do not tell
     */
    public Map<String, String> group() {
        return group;
    }

    /**
     * Calls with a CDR.
     *
     * @return the number
     */
    public long calls() {
        return calls;
    }

    /**
     * Of these, those that reached the person they were for.
     *
     * @return the number
     */
    public long answered() {
        return answered;
    }

    /**
     * Seconds that parties could talk.
     *
     * @return seconds
     */
    public long talkSeconds() {
        return talkSeconds;
    }

    /**
     * Billable minutes of all legs.
     *
     * @return minutes
     */
    public long billableMinutes() {
        return billableMinutes;
    }

    /**
     * Whether any of the minutes are inferred. The bill decides.
     *
     * @return whether any are
     */
    public boolean inferred() {
        return inferred;
    }

    /**
     * Calls whose record does not tell the minutes; they are not in the sums.
     *
     * @return the number
     */
    public long withoutMinutes() {
        return withoutMinutes;
    }

    /**
     * The minutes times the price that was asked with.
     *
     * @return exact decimal text; null without a price
     */
    public String price() {
        return price;
    }

    private static long number(Value value, String at) {
        Long number = value.integer(at);
        return number == null ? 0 : number;
    }
}
