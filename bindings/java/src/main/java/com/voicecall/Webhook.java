package com.voicecall;

import com.voicecall.internal.Library;
import com.voicecall.internal.Native;
import com.voicecall.internal.Numbers;
import com.voicecall.internal.Status;
import com.voicecall.internal.Utf8;
import com.voicecall.internal.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/** Reads and signs pushes, for programs and tests that need no receiver. */
public final class Webhook {
    private Webhook() {
    }

    /**
     * Reads the body of a push, without looking at its signature; {@link WebhookReceiver} does both.
     *
     * @param body the raw bytes of the request
     * @return what it says
     * @throws VoiceCallException of kind {@link ErrorKind#MALFORMED_WEBHOOK}
     */
    public static WebhookEvent parse(byte[] body) {
        Objects.requireNonNull(body, "body");
        Library.require();
        long[] event = new long[1];
        long[] error = new long[1];
        Status.found(Native.voicecall_event_parse(body, body.length, event, error), error);
        return WebhookEvent.of(event[0]);
    }

    /**
     * The same from text, e.g. of a message that was stored.
     *
     * @param body the JSON text
     * @return what it says
     * @throws VoiceCallException of kind {@link ErrorKind#MALFORMED_WEBHOOK}
     */
    public static WebhookEvent parse(String body) {
        return parse(Objects.requireNonNull(body, "body").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Signs a push as the platform does, in the newest form and UTC, with a random nonce and the clock's time, for tests of a
     * receiver.
     *
     * @param appKey of the application that pushes
     * @param appSecret of the application that pushes
     * @param url the address that is pushed to, as registered
     * @return the headers of the push
     */
    public static Map<String, String> sign(String appKey, String appSecret, String url) {
        return sign(appKey, appSecret, url, null, null);
    }

    /**
     * The same with a nonce and a time of one's own.
     *
     * @param appKey of the application that pushes
     * @param appSecret of the application that pushes
     * @param url the address that is pushed to, as registered
     * @param nonce 1 to 128 digits and letters; null: a random one
     * @param now the time; null: the clock's
     * @return the headers of the push
     */
    public static Map<String, String> sign(String appKey, String appSecret, String url, String nonce, Instant now) {
        byte[] key = Utf8.terminated(Objects.requireNonNull(appKey, "appKey"));
        byte[] secret = Utf8.terminated(Objects.requireNonNull(appSecret, "appSecret"));
        byte[] address = Utf8.terminated(Objects.requireNonNull(url, "url"));
        Library.require();
        long[] headers = new long[1];
        long[] error = new long[1];
        int status = Native.voicecall_webhook_sign(key, secret, address, Utf8.terminated(nonce), seconds(now), headers, error);
        Status.found(status, error);
        try (Value value = new Value(headers[0])) {
            return value.texts("");
        }
    }

    static long seconds(Instant time) {
        return time == null ? Numbers.NOW : time.getEpochSecond();
    }
}
