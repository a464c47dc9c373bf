package com.voicecall.internal;

import com.voicecall.ErrorKind;
import com.voicecall.VoiceCallException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * What was submitted to the library, as futures. The library makes the calls and waits, with limits of its own; one thread here
 * collects what is finished, for all clients and intakes.
 */
public final class Jobs {
    /** The collector needs little stack; the default is a megabyte. */
    private static final int STACK_BYTES = 512 * 1024;

    private static final Map<Long, LongConsumer> WAITING = new ConcurrentHashMap<>();
    private static final AtomicLong LAST_ID = new AtomicLong();
    private static long queue;

    private Jobs() {
    }

    /** Submits a job under an id. */
    public interface Begin {
        int submit(long queue, long id, long[] error);
    }

    /** Makes the result of a finished job. */
    private interface Read<T> {
        T of(long done);
    }

    /**
     * Submits a job.
     *
     * @param owner must live until the end
     * @param begin submits it
     * @param read makes the result; not called when the library has no answer, which is null
     * @param executor on which the future completes: the collector has to collect
     * @return completes with the result, or with a {@link VoiceCallException}
     */
    public static <T> CompletableFuture<T> run(Object owner, Begin begin, Function<Value, T> read, Executor executor) {
        long id = LAST_ID.incrementAndGet();
        long submittedTo = queue();
        CompletableFuture<T> outcome = new CompletableFuture<>();
        WAITING.put(id, done -> complete(outcome, number -> answer(number, read), done));
        long[] error = new long[1];
        try {
            Status.found(begin.submit(submittedTo, id, error), error);
        } catch (VoiceCallException exception) {
            WAITING.remove(id);
            return CompletableFuture.failedFuture(exception);
        }
        return new JobFuture<>(owner, outcome, () -> cancel(submittedTo, id), executor);
    }

    private static <T> T answer(long done, Function<Value, T> read) {
        long[] answer = new long[1];
        long[] json = new long[1];
        long[] length = new long[1];
        long[] error = new long[1];
        if (!Status.found(Native.voicecall_done_answer(done, answer, json, length, error), error)) {
            return null;
        }
        try (Value value = new Value(answer[0], Utf8.text(json[0], length[0]))) {
            return read.apply(value);
        }
    }

    private static <T> void complete(CompletableFuture<T> outcome, Read<T> read, long done) {
        try {
            outcome.complete(read.of(done));
        } catch (Throwable thrown) {
            outcome.completeExceptionally(thrown);
        }
    }

    private static void cancel(long submittedTo, long id) {
        long[] error = new long[1];
        Status.found(Native.voicecall_queue_cancel(submittedTo, id, error), error);
    }

    /** The queue, with its collector. Without a thread for that nothing may be submitted. */
    private static synchronized long queue() {
        if (queue == 0) {
            Library.require();
            long[] made = new long[1];
            long[] error = new long[1];
            Status.found(Native.voicecall_queue_new(made, error), error);
            Thread collector = new Thread(null, () -> collect(made[0]), "voicecall", STACK_BYTES);
            collector.setDaemon(true);
            try {
                collector.start();
            } catch (OutOfMemoryError none) {
                Native.voicecall_queue_free(made[0]);
                throw VoiceCallException.builder(ErrorKind.INTERNAL, "no thread can be started").build();
            }
            queue = made[0];
        }
        return queue;
    }

    private static void collect(long from) {
        long[] id = new long[1];
        long[] done = new long[1];
        long[] error = new long[1];
        while (true) {
            Status.found(Native.voicecall_queue_next(from, 0, id, done, error), error);
            try {
                LongConsumer complete = WAITING.remove(id[0]);
                if (complete != null) {
                    complete.accept(done[0]);
                }
            } finally {
                Native.voicecall_done_free(done[0]);
            }
        }
    }
}
