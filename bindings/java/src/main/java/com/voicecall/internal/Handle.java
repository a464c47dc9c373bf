package com.voicecall.internal;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * An object of the library. Its uses are counted: whoever closes it while a function works with it, on whatever thread, only
 * sees it freed when that function has returned. What nobody closes is freed when nobody knows it any more.
 */
public final class Handle implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final State state;
    private final Cleaner.Cleanable cleanable;

    /**
     * Takes an object over.
     *
     * @param address what the library gave
     * @param free the library's function that frees it
     */
    public Handle(long address, LongConsumer free) {
        state = new State(address, free);
        cleanable = CLEANER.register(this, state);
    }

    /**
     * Begins a use; {@link #end()} has to follow whatever happens.
     *
     * @return the address; 0 when the handle is closed, and no use has begun
     */
    public long begin() {
        return state.begin();
    }

    /** Ends a use. */
    public void end() {
        state.end();
    }

    /**
     * Whether no use can begin.
     *
     * @return true as soon as it is closed, although uses may still go on
     */
    public boolean isClosed() {
        return state.isClosed();
    }

    /** Frees the object as soon as nobody uses it. As often as you like. */
    @Override
    public void close() {
        cleanable.clean();
    }

    /** What is left when the handle itself is forgotten. */
    private static final class State implements Runnable {
        /** The bit of one that is closed; the others count the uses. */
        private static final long CLOSED = Long.MIN_VALUE;

        private final long address;
        private final LongConsumer free;
        private final AtomicLong uses = new AtomicLong();

        State(long address, LongConsumer free) {
            this.address = address;
            this.free = free;
        }

        /** Not an increment that is taken back: the freeing of a closed handle counts on seeing the last use end. */
        long begin() {
            long now = uses.get();
            while (now >= 0) {
                if (uses.compareAndSet(now, now + 1)) {
                    return address;
                }
                now = uses.get();
            }
            return 0;
        }

        void end() {
            if (uses.decrementAndGet() == CLOSED) {
                free.accept(address);
            }
        }

        boolean isClosed() {
            return uses.get() < 0;
        }

        /** The cleaner sees to it that this happens once. */
        @Override
        public void run() {
            if (uses.getAndAdd(CLOSED) == 0) {
                free.accept(address);
            }
        }
    }
}
