package com.voicecall;

import com.voicecall.internal.Native;
import com.voicecall.internal.Status;
import com.voicecall.internal.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What became of a push that an {@link Intake} received, and what to answer. Never changes.
 */
public final class Receipt {
    private final Reply reply;
    private final int accepted;
    private final int duplicates;
    private final int conflicts;
    private final int rejected;
    private final Verdict verdict;
    private final List<WebhookEvent> events;
    private final VoiceCallException error;
    private final Set<Long> positions;

    Receipt(long receipt) {
        WebhookEvent event = null;
        VoiceCallException failure = null;
        long[] taken = new long[1];
        long[] fault = new long[1];
        Status.found(Native.voicecall_receipt_value(receipt, taken, fault), fault);
        try (Value value = new Value(taken[0])) {
            reply = new Reply(value, "/reply");
            verdict = new Verdict(value, "/verdict");
            accepted = value.integer("/accepted", 0);
            duplicates = value.integer("/duplicates", 0);
            conflicts = value.integer("/conflicts", 0);
            rejected = value.integer("/rejected", 0);
            positions = Set.copyOf(value.items("/new", (document, at) -> document.integer(at)));
        }
        try {
            Status.found(Native.voicecall_receipt_event(receipt, taken, fault), fault);
            event = WebhookEvent.of(taken[0]);
        } catch (VoiceCallException exception) {
            failure = exception;
        }
        events = event == null ? List.of() : List.of(event);
        error = failure;
    }

    /**
     * What to answer: 200 if and only if each readable record is on the disk, whether it was new or known; 500 only when
     * the store cannot write; 401 only when the policy refuses the signature.
     *
     * @return the reply
     */
    public Reply reply() {
        return reply;
    }

    /**
     * How many of its records were new.
     *
     * @return the number
     */
    public int accepted() {
        return accepted;
    }

    /**
     * How many were known; conflicts are among them.
     *
     * @return the number
     */
    public int duplicates() {
        return duplicates;
    }

    /**
     * How many contradict what is known. They are kept beside it.
     *
     * @return the number
     */
    public int conflicts() {
        return conflicts;
    }

    /**
     * How many could not be read; a body that is no push counts as one. They are kept raw.
     *
     * @return the number
     */
    public int rejected() {
        return rejected;
    }

    /**
     * What the check of the signature found.
     *
     * @return the verdict
     */
    public Verdict verdict() {
        return verdict;
    }

    /**
     * What the push says.
     *
     * @return one event, or none; {@link #error()} tells why
     */
    public List<WebhookEvent> events() {
        return events;
    }

    /**
     * Why there is no event.
     *
     * @return of kind {@link ErrorKind#SIGNATURE} or {@link ErrorKind#MALFORMED_WEBHOOK}, both kept raw, or
     *     {@link ErrorKind#STORAGE} when the store could not write; null when there is an event
     */
    public VoiceCallException error() {
        return error;
    }

    /**
     * Whether the record at this position came for the first time. An event that is no CDR push is at position 0.
     *
     * @param position from 0; behind the last record nothing is new
     * @return whether it did
     */
    public boolean isNew(int position) {
        return positions.contains((long) position);
    }

    /**
     * The CDRs that came for the first time: to act once on what comes more than once.
     *
     * @return the CDRs
     */
    public List<Cdr> newCdrs() {
        List<Cdr> all = new ArrayList<>();
        for (WebhookEvent event : events) {
            List<Cdr> cdrs = event instanceof FeeEvent ? ((FeeEvent) event).cdrs() : List.of();
            for (int i = 0; i < cdrs.size(); i++) {
                if (isNew(i)) {
                    all.add(cdrs.get(i));
                }
            }
        }
        return List.copyOf(all);
    }

    @Override
    public String toString() {
        return "Receipt{" + reply.status() + ", accepted=" + accepted + ", duplicates=" + duplicates + ", rejected=" + rejected + "}";
    }
}
