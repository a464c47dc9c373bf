package com.voicecall.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which asynchronous calls wait for the platform. Not the common pool's: a call may take seconds, and a pool
 * whose few threads all wait for telephones serves nobody else. A thread that has nothing to do for a while ends.
 */
public final class CallThreads {
    private static final int MOST = 256;
    private static final int PATIENCE_SECONDS = 10;

    /** The library needs little stack; the default is a megabyte. */
    private static final int STACK_BYTES = 512 * 1024;

    private static final AtomicInteger MADE = new AtomicInteger();

    private CallThreads() {
    }

    public static Executor executor() {
        return Holder.POOL;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(null, work, "voicecall-" + MADE.incrementAndGet(), STACK_BYTES);
        thread.setDaemon(true);
        return thread;
    }

    /** Made by the first asynchronous call. */
    private static final class Holder {
        static final Executor POOL = new ThreadPoolExecutor(
                0,
                MOST,
                PATIENCE_SECONDS,
                TimeUnit.SECONDS,
                new HandOver(),
                CallThreads::thread,
                // All threads are busy: the work waits for the first that is not.
                (work, pool) -> pool.getQueue().add(work));
    }

    /** A queue that only takes what a thread waits for, so that the pool grows before work has to wait. */
    @SuppressWarnings("serial")
    private static final class HandOver extends LinkedTransferQueue<Runnable> {
        @Override
        public boolean offer(Runnable work) {
            return tryTransfer(work);
        }
    }
}
