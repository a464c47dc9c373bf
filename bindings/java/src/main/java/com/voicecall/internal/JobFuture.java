package com.voicecall.internal;

import com.voicecall.ErrorKind;
import com.voicecall.VoiceCallException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A job under way. Cancelling it tells what became of it. */
final class JobFuture<T> extends CompletableFuture<T> {
    /** The library answers within milliseconds; a program whose processors are busy gets more. */
    private static final int PATIENCE_SECONDS = 2;

    /** Must live until the job has ended. */
    private final Object owner;

    /** Completed by the collector. */
    private final CompletableFuture<T> outcome;

    private final Runnable cancel;
    private volatile boolean cancelling;

    JobFuture(Object owner, CompletableFuture<T> outcome, Runnable cancel, Executor executor) {
        this.owner = owner;
        this.outcome = outcome;
        this.cancel = cancel;
        outcome.whenComplete((result, thrown) -> {
            try {
                executor.execute(() -> end(result, thrown));
            } catch (RejectedExecutionException closed) {
                end(result, thrown);
            }
        });
    }

    /**
     * Cancels the job. It ends at once with a {@link CancellationException} whose cause is a {@link VoiceCallException} that says
     * whether the request was on its way; or, when the answer came first, with the answer.
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!isDone()) {
            cancelling = true;
            cancel.run();
            try {
                end(outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS), null);
            } catch (ExecutionException exception) {
                end(null, exception.getCause());
            } catch (TimeoutException exception) {
                super.cancel(mayInterruptIfRunning);
            } catch (InterruptedException exception) {
                Thread.currentThread().interrupt();
                super.cancel(mayInterruptIfRunning);
            }
        }
        return isCancelled();
    }

    /** So that what is chained to it runs like what is chained to any other future. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    private void end(T result, Throwable thrown) {
        if (thrown == null) {
            complete(result);
        } else {
            completeExceptionally(isCancellation(thrown) ? cancelled(thrown) : thrown);
        }
    }

    private boolean isCancellation(Throwable thrown) {
        return cancelling
                && thrown instanceof VoiceCallException
                && ((VoiceCallException) thrown).kind() == ErrorKind.CLOSED;
    }

    private static CancellationException cancelled(Throwable outcome) {
        CancellationException exception = new CancellationException(outcome.getMessage());
        exception.initCause(outcome);
        return exception;
    }
}
