package com.voicecall;

import com.voicecall.internal.Handle;
import com.voicecall.internal.HeaderTables;
import com.voicecall.internal.Native;
import com.voicecall.internal.Status;
import com.voicecall.internal.Value;
import java.lang.ref.Reference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Receives pushes: judges signatures, remembers nonces, and knows what to answer. The HTTP server is your own.
 *
 * <p>Any number of threads may use it at once. Make one and keep it, because it remembers nonces.
 */
public final class WebhookReceiver implements AutoCloseable {
    private final Handle handle;

    /**
     * To check signatures it needs the registered addresses and the applications; without both it reads pushes and checks
     * nothing.
     *
     * @param config settings
     * @throws VoiceCallException of kind {@link ErrorKind#CONFIGURATION}, with the setting in
     *     {@link VoiceCallException#field()}
     */
    public WebhookReceiver(WebhookConfig config) {
        Objects.requireNonNull(config, "config");
        try (Value value = Value.of(config::write)) {
            long[] webhook = new long[1];
            long[] error = new long[1];
            Status.found(Native.voicecall_webhook_new(value.handle(), webhook, error), error);
            handle = new Handle(webhook[0], Native::voicecall_webhook_free);
        }
    }

    /**
     * Receives a push. Throws for wrong arguments only: a push that is refused or cannot be read is told by what it returns.
     *
     * @param headers the headers of the request, in any letter case and order: {@code HttpExchange.getRequestHeaders()} of the
     *     JDK's server is such a map
     * @param body the raw bytes of the request; what a parser made of them cannot be used
     * @return verdict, events and reply
     * @throws VoiceCallException of kind {@link ErrorKind#CLOSED}: the receiver is closed
     */
    public Received receive(Map<String, List<String>> headers, byte[] body) {
        return receive(headers, body, null);
    }

    /**
     * The same at a time of one's own.
     *
     * @param headers the headers of the request, in any letter case and order
     * @param body the raw bytes of the request
     * @param now the time to judge by; null: the clock's
     * @return verdict, events and reply
     * @throws VoiceCallException of kind {@link ErrorKind#CLOSED}: the receiver is closed
     */
    public Received receive(Map<String, List<String>> headers, byte[] body, Instant now) {
        return receive(HeaderTables.of(headers), body, now);
    }

    /**
     * The same with headers that can be iterated, as those of Vert.x.
     *
     * @param headers the headers of the request, in any letter case and order
     * @param body the raw bytes of the request
     * @return verdict, events and reply
     */
    public Received receive(Iterable<? extends Map.Entry<String, String>> headers, byte[] body) {
        return receive(HeaderTables.of(headers), body, null);
    }

    /**
     * The same with a function that looks a header up: {@code headers::getFirst} of Spring, {@code context::header} of Javalin,
     * {@code request::getHeader} of a servlet.
     *
     * @param headers takes the name of a header, in any letter case, and returns its value, or null if there is none
     * @param body the raw bytes of the request
     * @return verdict, events and reply
     */
    public Received receive(Function<String, String> headers, byte[] body) {
        return receive(HeaderTables.of(headers), body, null);
    }

    /** Frees the receiver, as soon as nobody is receiving any more. As often as you like. */
    @Override
    public void close() {
        handle.close();
    }

    private Received receive(HeaderTables tables, byte[] body, Instant now) {
        Objects.requireNonNull(body, "body");
        long[] received = new long[1];
        long[] error = new long[1];
        long webhook = handle.begin();
        if (webhook == 0) {
            throw VoiceCallException.builder(ErrorKind.CLOSED, "the receiver is closed").build();
        }
        try {
            int status = Native.voicecall_webhook_receive(
                    webhook,
                    tables.names().addresses(),
                    tables.values().addresses(),
                    tables.names().size(),
                    body,
                    body.length,
                    Webhook.seconds(now),
                    received,
                    error);
            Status.found(status, error);
        } finally {
            handle.end();
            Reference.reachabilityFence(tables);
        }
        return new Received(received[0]);
    }
}
