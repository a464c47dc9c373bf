package com.voicecall;

import com.voicecall.internal.EventText;
import com.voicecall.internal.Handle;
import com.voicecall.internal.Row;

/** What is said of a CDR beside its fields. It keeps its message alive. */
abstract class CdrRecord {
    private final Handle event;
    private final int index;

    CdrRecord(Row row) {
        event = row.event();
        index = row.index();
    }

    /**
     * The JSON text of the record, as it came: what to store. Holds personal data.
     *
     * @return JSON text
     */
    public String raw() {
        return EventText.raw(event, index);
    }

    /**
     * The record as JSON under wire names; see {@link WebhookEvent#toJson()}. Holds personal data.
     *
     * @return JSON text
     */
    public String toJson() {
        return EventText.json(event, index);
    }

    /**
     * What the fields say together: legs, minutes, recording, and why the call ended.
     *
     * @return the summary, without a price
     */
    public CdrSummary summary() {
        return summary(null);
    }

    /**
     * The same with the price of the call.
     *
     * @param pricePerMinute price of a minute of one leg as decimal text, e.g. {@code 0.18}; null: no price is told
     * @return the summary
     * @throws VoiceCallException the price is no plain decimal number
     */
    public CdrSummary summary(String pricePerMinute) {
        return EventText.summary(event, index, pricePerMinute, CdrSummary::new);
    }

    /** Two records are equal when they came with the same text. */
    @Override
    public final boolean equals(Object other) {
        return other instanceof CdrRecord && raw().equals(((CdrRecord) other).raw());
    }

    @Override
    public final int hashCode() {
        return raw().hashCode();
    }
}
