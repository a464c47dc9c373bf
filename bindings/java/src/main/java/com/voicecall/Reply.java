package com.voicecall;

import com.voicecall.internal.Value;
import java.util.Map;

/**
 * What to answer to a push.
 */
public final class Reply {
    private final int status;
    private final Map<String, String> headers;
    private final String body;

    Reply(Value value) {
        this(value, "");
    }

    Reply(Value value, String at) {
        status = value.integer(at + "/status", 500);
        headers = value.texts(at + "/headers");
        body = value.text(at + "/body", "");
    }

    /**
     * HTTP status.
     *
     * @return the number
     */
    public int status() {
        return status;
    }

    /**
     * HTTP headers.
     *
     * @return names and values
     */
    public Map<String, String> headers() {
        return headers;
    }

    /**
     * JSON text, or empty.
     *
     * @return the text; send it in UTF-8
     */
    public String body() {
        return body;
    }

    @Override
    public String toString() {
        return "Reply{" + status + "}";
    }
}
