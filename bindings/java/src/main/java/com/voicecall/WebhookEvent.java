package com.voicecall;

import com.voicecall.internal.EventText;
import com.voicecall.internal.Handle;
import com.voicecall.internal.Native;
import com.voicecall.internal.Numbers;
import com.voicecall.internal.Row;
import com.voicecall.internal.Utf8;

/**
 * What a push of the platform says: a {@link StatusEvent}, a {@link FeeEvent}, or an {@link UnknownEvent}. Never changes; any
 * number of threads may read it. Two events are equal when they came with the same text.
 */
public abstract class WebhookEvent {
    private final Handle handle;
    private final String typeName;

    WebhookEvent(Handle handle) {
        this.handle = handle;
        try {
            typeName = Utf8.text(Native.voicecall_event_type(handle.begin()));
        } finally {
            handle.end();
        }
    }

    WebhookEvent(Row row) {
        this(row.event());
    }

    /**
     * What happened.
     *
     * @return the type; {@link EventType#UNKNOWN} for what this version does not know
     */
    public EventType type() {
        return EventType.of(typeName);
    }

    /**
     * The same as the platform names it, e.g. {@code disconnect} or {@code fee}.
     *
     * @return the name, also of a type that this version does not know
     */
    public String typeName() {
        return typeName;
    }

    /**
     * The JSON text of the message, as it came: what to store. Holds personal data.
     *
     * @return JSON text
     */
    public String raw() {
        return EventText.raw(handle, Numbers.WHOLE_MESSAGE);
    }

    /**
     * The message as JSON under wire names: whole numbers as numbers, times in RFC 3339, undocumented fields as they came,
     * absent ones left out. Holds personal data.
     *
     * @return JSON text
     */
    public String toJson() {
        return EventText.json(handle, Numbers.WHOLE_MESSAGE);
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof WebhookEvent && raw().equals(((WebhookEvent) other).raw());
    }

    @Override
    public final int hashCode() {
        return raw().hashCode();
    }

    Handle handle() {
        return handle;
    }

    /** The event of a native one, which it takes over. */
    static WebhookEvent of(long event) {
        Handle handle = new Handle(event, Native::voicecall_event_free);
        switch (Native.voicecall_event_kind(event)) {
            case Numbers.EVENT_STATUS:
                return Row.readAll(handle, StatusEvent.FIELDS, StatusEvent::new).get(0);
            case Numbers.EVENT_FEE:
                return new FeeEvent(handle);
            default:
                return new UnknownEvent(handle);
        }
    }
}
