package com.voicecall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.function.Executable;

/** What tests say of failures. */
final class Fails {
    private Fails() {
    }

    static VoiceCallException with(ErrorKind kind, Delivery delivery, Executable action) {
        VoiceCallException exception = assertThrows(VoiceCallException.class, () -> {
            try {
                action.execute();
            } catch (CompletionException wrapped) {
                throw wrapped.getCause();
            }
        });
        assertEquals(kind, exception.kind(), exception.getMessage());
        assertEquals(delivery, exception.delivery(), exception.getMessage());
        assertFalse(exception.getMessage().isEmpty());
        assertFalse(exception.advice().isEmpty());
        return exception;
    }

    /** A call to this endpoint. */
    static VoiceCallException calling(String endpoint, ErrorKind kind, Delivery delivery) {
        try (VoiceCallClient client = Given.client(endpoint)) {
            return with(kind, delivery, () -> client.createVoiceNotification(Given.notification().build()));
        }
    }

    /** A call to a platform that behaves like this, and gets one request. */
    static VoiceCallException calling(Peer.Behaviour behaviour, ErrorKind kind, Delivery delivery) {
        try (Peer peer = new Peer(behaviour)) {
            VoiceCallException exception = calling(peer.url(), kind, delivery);
            assertEquals(1, peer.requests(), "requests of one call");
            return exception;
        }
    }
}
