package com.voicecall;

import com.voicecall.internal.EventText;
import com.voicecall.internal.Handle;
import com.voicecall.internal.Native;
import com.voicecall.internal.Row;
import java.util.List;

/**
 * Call detail records (CDRs, 话单) of finished calls. A record that cannot be read is told in {@link #rejected()} and never
 * costs its neighbours.
 */
public final class FeeEvent extends WebhookEvent {
    private final List<Cdr> cdrs;

    FeeEvent(Handle handle) {
        super(handle);
        cdrs = Row.readAll(handle, Cdr.FIELDS, Cdr::new);
    }

    /**
     * The records that could be read, in the order of the message.
     *
     * @return the records
     */
    public List<Cdr> cdrs() {
        return cdrs;
    }

    /**
     * The records that could not be read. Acknowledge the push all the same, and store them: they are CDRs too.
     *
     * @return the records, usually none
     */
    public List<RejectedRecord> rejected() {
        return EventText.value(handle(), Native::voicecall_event_rejected, list -> list.items("", RejectedRecord::new));
    }

    @Override
    public String toString() {
        return "FeeEvent{cdrs=" + cdrs.size() + ", rejected=" + rejected().size() + "}";
    }
}
