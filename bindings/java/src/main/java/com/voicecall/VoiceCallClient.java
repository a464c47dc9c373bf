package com.voicecall;

import com.voicecall.internal.Handle;
import com.voicecall.internal.Jobs;
import com.voicecall.internal.JsonWriter;
import com.voicecall.internal.Milliseconds;
import com.voicecall.internal.Native;
import com.voicecall.internal.Status;
import com.voicecall.internal.Utf8;
import com.voicecall.internal.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A connection to the platform for one application.
 *
 * <p>Any number of threads may use it at once, and one of them may close it: calls in flight on the others then end with
 * {@link ErrorKind#CLOSED}, and its memory is freed when the last has ended. Make one and keep it: it holds connections open.
 *
 * <p>A call costs money and rings a human being. The library never rings twice by itself. Whether a call that failed may be
 * placed again is told by {@link VoiceCallException#delivery()}.
 */
public final class VoiceCallClient extends Operations implements AutoCloseable {
    private final Handle handle;
    private final Executor executor;

    /**
     * Makes a client. Nothing is connected before the first call.
     *
     * @param config settings
     * @throws VoiceCallException of kind {@link ErrorKind#CONFIGURATION}, with the setting in
     *     {@link VoiceCallException#field()}
     * @throws UnsatisfiedLinkError the native library is not found, or does not fit
     */
    public VoiceCallClient(Config config) {
        this(config, new CompletableFuture<>().defaultExecutor());
    }

    /**
     * Makes a client whose futures complete on threads of the program's own choice, so that what is chained to them runs there.
     * No call holds a thread of the executor while it waits for the platform.
     *
     * @param config settings
     * @param executor completes futures; by default the one that {@link CompletableFuture} uses
     * @throws VoiceCallException of kind {@link ErrorKind#CONFIGURATION}, with the setting in
     *     {@link VoiceCallException#field()}
     * @throws UnsatisfiedLinkError the native library is not found, or does not fit
     */
    public VoiceCallClient(Config config, Executor executor) {
        Objects.requireNonNull(config, "config");
        this.executor = Objects.requireNonNull(executor, "executor");
        try (Value value = Value.of(config::write)) {
            long[] client = new long[1];
            long[] error = new long[1];
            Status.found(Native.voicecall_client_new(value.handle(), client, error), error);
            handle = new Handle(client[0], Native::voicecall_client_free);
        }
    }

    /**
     * A client with the settings of the variables {@code VOICECALL_APP_KEY}, {@code VOICECALL_APP_SECRET} and, where it is
     * set, {@code VOICECALL_ENDPOINT}.
     *
     * @return a client
     * @throws VoiceCallException of kind {@link ErrorKind#CONFIGURATION} when one of them is missing or cannot work
     */
    public static VoiceCallClient fromEnv() {
        return fromEnv(UnaryOperator.identity());
    }

    /**
     * The same with further settings, e.g. {@code fromEnv(config -> config.timeout(Duration.ofSeconds(10)))}.
     *
     * @param settings gets what the environment says, and adds to it
     * @return a client
     * @throws VoiceCallException of kind {@link ErrorKind#CONFIGURATION} when one of them is missing or cannot work
     */
    public static VoiceCallClient fromEnv(UnaryOperator<Config.Builder> settings) {
        return new VoiceCallClient(settings.apply(config(System.getenv())).build());
    }

    static Config.Builder config(Map<String, String> environment) {
        String endpoint = environment.get("VOICECALL_ENDPOINT");
        return Config.builder()
                .appKey(required(environment, "VOICECALL_APP_KEY", "/appKey"))
                .appSecret(required(environment, "VOICECALL_APP_SECRET", "/appSecret"))
                .endpoint(endpoint == null || endpoint.isEmpty() ? null : endpoint);
    }

    private static String required(Map<String, String> environment, String variable, String field) {
        String value = environment.get(variable);
        if (value == null || value.isEmpty()) {
            throw VoiceCallException.builder(ErrorKind.CONFIGURATION, "the environment has no " + variable)
                    .field(field)
                    .rule("required")
                    .retry(Retry.AFTER_FIX)
                    .build();
        }
        return value;
    }

    /**
     * Ends calls and downloads in flight and refuses new ones, all with {@link ErrorKind#CLOSED}. Memory is freed as soon as
     * the last call has ended. As often as you like.
     */
    @Override
    public void close() {
        long client = handle.begin();
        if (client == 0) {
            return;
        }
        try {
            long[] error = new long[1];
            Status.found(Native.voicecall_client_close(client, error), error);
        } finally {
            handle.end();
            handle.close();
        }
    }

    /**
     * Fetches a recording into a file: whole or not at all. A connection that breaks on the way is taken up where it broke,
     * if the server allows it. A file that exists is left alone, which is an error.
     *
     * @param source which one: {@link CdrSummary#recording()} tells
     * @param path the file; after an error there is no file that was not there before
     * @return the length of the file in bytes
     * @throws VoiceCallException whatever fails; {@link ErrorKind#STORAGE} when the file cannot be written
     */
    public long downloadRecording(RecordingSource source, Path path) {
        return downloadRecording(source, path, DownloadOptions.NONE);
    }

    /**
     * The same with settings for this download.
     *
     * @param source which one: {@link CdrSummary#recording()} tells
     * @param path the file; after an error there is no file that was not there before
     * @param options how to fetch it
     * @return the length of the file in bytes
     * @throws VoiceCallException whatever fails; {@link ErrorKind#STORAGE} when the file cannot be written
     */
    public long downloadRecording(RecordingSource source, Path path, DownloadOptions options) {
        return new Download(source, path, options, () -> false).run(this);
    }

    /**
     * The same on another thread; see {@link #downloadRecording(RecordingSource, Path)}. Cancelling the future stops the
     * download, and no file is left.
     *
     * @param source which one: {@link CdrSummary#recording()} tells
     * @param path the file; after an error there is no file that was not there before
     * @param options how to fetch it
     * @return completes with the length of the file, or with a {@link VoiceCallException}
     */
    public CompletableFuture<Long> downloadRecordingAsync(RecordingSource source, Path path, DownloadOptions options) {
        CompletableFuture<Long> future = new CompletableFuture<>();
        Download download = new Download(source, path, options, future::isDone);
        Thread thread = new Thread(() -> {
            try {
                future.complete(download.run(this));
            } catch (Throwable thrown) {
                future.completeExceptionally(thrown);
            }
        }, "voicecall-download");
        thread.setDaemon(true);
        thread.start();
        return future;
    }

    /** For what no object can say: an operation with any JSON as its arguments. */
    String call(String operation, String arguments) {
        try (JsonWriter text = JsonWriter.of(arguments)) {
            return call(Utf8.terminated(operation), text, 0, Value::json);
        }
    }

    /** The native client for one function; {@link #end()} has to follow. */
    long begin() {
        long client = handle.begin();
        if (client == 0) {
            throw VoiceCallException.builder(ErrorKind.CLOSED, "the client is closed").build();
        }
        return client;
    }

    void end() {
        handle.end();
    }

    @Override
    <T> T perform(byte[] operation, Consumer<JsonWriter> arguments, Duration timeout, Function<Value, T> read) {
        return perform(operation, arguments, Milliseconds.ofCall(timeout), read);
    }

    @Override
    <T> CompletableFuture<T> performAsync(
            byte[] operation, Consumer<JsonWriter> arguments, Duration timeout, Function<Value, T> read) {
        long milliseconds = Milliseconds.ofCall(timeout);
        Jobs.Begin begin = (queue, id, error) -> {
            try (JsonWriter text = JsonWriter.of(arguments)) {
                long client = begin();
                try {
                    return Native.voicecall_client_submit(
                            client, operation, text.bytes(), text.length(), milliseconds, queue, id, error);
                } finally {
                    end();
                }
            }
        };
        return Jobs.run(this, begin, read, executor);
    }

    private <T> T perform(byte[] operation, Consumer<JsonWriter> arguments, long timeout, Function<Value, T> read) {
        try (JsonWriter text = JsonWriter.of(arguments)) {
            return call(operation, text, timeout, read);
        }
    }

    private <T> T call(byte[] operation, JsonWriter arguments, long timeout, Function<Value, T> read) {
        long[] answer = new long[1];
        long[] json = new long[1];
        long[] length = new long[1];
        long[] error = new long[1];
        long client = begin();
        int status;
        try {
            status = Native.voicecall_client_call_json(
                    client, operation, arguments.bytes(), arguments.length(), timeout, answer, json, length, error);
        } finally {
            end();
        }
        Status.found(status, error);
        try (Value value = new Value(answer[0], Utf8.text(json[0], length[0]))) {
            return read.apply(value);
        }
    }

    @Override
    String preview(byte[] operation, Consumer<JsonWriter> arguments) {
        try (Value value = Value.of(arguments)) {
            long[] request = new long[1];
            long[] error = new long[1];
            long client = begin();
            try {
                Status.found(Native.voicecall_client_preview(client, operation, value.handle(), request, error), error);
            } finally {
                end();
            }
            try (Value text = new Value(request[0])) {
                return text.text("");
            }
        }
    }
}
