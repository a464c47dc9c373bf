package com.voicecall;

import com.voicecall.internal.EventText;
import com.voicecall.internal.Row;

/** What is said of a status event beside its fields. */
abstract class StatusRecord extends WebhookEvent {
    StatusRecord(Row row) {
        super(row);
    }

    /**
     * Why the call ended.
     *
     * @return the reason; null for an event without a state code
     */
    public Explanation explain() {
        return EventText.summary(handle(), 0, null, summary -> Explanation.at(summary, "/explanation"));
    }
}
