package com.voicecall;

import com.voicecall.internal.Value;
import java.util.List;

/**
 * A page of calls.
 */
public final class CallPage {
    private final List<Call> calls;
    private final String next;

    CallPage(Value value) {
        calls = value.items("/calls", Call::new);
        next = value.text("/next");
    }

    /**
     * The calls.
     *
     * @return the latest first
     */
    public List<Call> calls() {
        return calls;
    }

    /**
     * What {@link CallFilter} needs as {@code after} for the next page.
     *
     * @return the mark; null on the last page
     */
    public String next() {
        return next;
    }
}
