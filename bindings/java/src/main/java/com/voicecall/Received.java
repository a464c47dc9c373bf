package com.voicecall;

import com.voicecall.internal.EventText;
import com.voicecall.internal.Handle;
import com.voicecall.internal.Native;
import com.voicecall.internal.Status;
import java.util.List;

/**
 * A push that was received: the verdict on its signature, what it says, and what to answer. Never changes; any number of
 * threads may read it.
 */
public final class Received {
    private final Handle handle;
    private final List<WebhookEvent> events;
    private final VoiceCallException error;

    Received(long received) {
        handle = new Handle(received, Native::voicecall_received_free);
        WebhookEvent event = null;
        VoiceCallException failure = null;
        try {
            long[] taken = new long[1];
            long[] fault = new long[1];
            Status.found(Native.voicecall_received_event(received, taken, fault), fault);
            event = WebhookEvent.of(taken[0]);
        } catch (VoiceCallException exception) {
            failure = exception;
        }
        events = event == null ? List.of() : List.of(event);
        error = failure;
    }

    /**
     * What the push says.
     *
     * @return one event, or none when it was refused or cannot be read
     */
    public List<WebhookEvent> events() {
        return events;
    }

    /**
     * Why there is no event. Keep the raw body then.
     *
     * @return of kind {@link ErrorKind#SIGNATURE} or {@link ErrorKind#MALFORMED_WEBHOOK}; null when there is an event
     */
    public VoiceCallException error() {
        return error;
    }

    /**
     * What the check of the signature found.
     *
     * @return the verdict
     */
    public Verdict verdict() {
        return EventText.value(handle, Native::voicecall_received_verdict, Verdict::new);
    }

    /**
     * What to answer when the event is where it will not be lost.
     *
     * @return the reply
     */
    public Reply reply() {
        return reply(true);
    }

    /**
     * What to answer.
     *
     * @param stored whether the event is now where it will not be lost. If not, it is answered so that the platform sends CDRs
     *     again; status events it never does.
     * @return the reply
     */
    public Reply reply(boolean stored) {
        byte flag = (byte) (stored ? 1 : 0);
        return EventText.value(
                handle,
                (received, reply, fault) -> Native.voicecall_received_reply(received, flag, reply, fault),
                Reply::new);
    }

    @Override
    public String toString() {
        return "Received{" + verdict().name() + ", events=" + events + "}";
    }
}
