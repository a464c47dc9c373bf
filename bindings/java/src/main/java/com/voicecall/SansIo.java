package com.voicecall;

import com.voicecall.internal.JsonWriter;
import com.voicecall.internal.Native;
import com.voicecall.internal.Status;
import com.voicecall.internal.Utf8;
import com.voicecall.internal.Value;
import java.util.function.Consumer;

/** Requests signed and answers read without a connection: for the tests with the language-neutral vectors. */
final class SansIo {
    private SansIo() {
    }

    static String sign(Config config, String operation, Consumer<JsonWriter> arguments, String nonce, long unixSeconds) {
        try (Value value = Value.of(arguments)) {
            return sign(config, operation, value, nonce, unixSeconds);
        }
    }

    static String sign(Config config, String operation, String arguments, String nonce, long unixSeconds) {
        try (Value value = Value.parse(arguments)) {
            return sign(config, operation, value, nonce, unixSeconds);
        }
    }

    static String read(String operation, int httpStatus, String location, byte[] body) {
        long[] answer = new long[1];
        long[] error = new long[1];
        int status = Native.voicecall_response_read(
                Utf8.terminated(operation), httpStatus, Utf8.terminated(location), body, body.length, answer, error);
        Status.found(status, error);
        try (Value value = new Value(answer[0])) {
            return value.json();
        }
    }

    private static String sign(Config config, String operation, Value arguments, String nonce, long unixSeconds) {
        long[] request = new long[1];
        long[] error = new long[1];
        try (Value settings = Value.of(config::write)) {
            int status = Native.voicecall_request_sign(
                    settings.handle(),
                    Utf8.terminated(operation),
                    arguments.handle(),
                    Utf8.terminated(nonce),
                    unixSeconds,
                    request,
                    error);
            Status.found(status, error);
        }
        try (Value value = new Value(request[0])) {
            return value.json();
        }
    }
}
