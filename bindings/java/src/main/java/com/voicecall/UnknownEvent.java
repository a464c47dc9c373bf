package com.voicecall;

import com.voicecall.internal.Handle;

/** A push of a kind that this version does not know. Store and acknowledge it like any other. */
public final class UnknownEvent extends WebhookEvent {
    UnknownEvent(Handle handle) {
        super(handle);
    }

    @Override
    public String toString() {
        return "UnknownEvent{type=" + typeName() + "}";
    }
}
