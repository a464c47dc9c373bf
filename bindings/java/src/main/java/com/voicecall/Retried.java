package com.voicecall;

import com.voicecall.internal.Value;

/**
 * What became of texts that could not be taken before.
 */
public final class Retried {
    private final long taken;
    private final long left;
    private final long accepted;
    private final long duplicates;
    private final long conflicts;

    Retried(Value value) {
        taken = value.integer("/taken", 0);
        left = value.integer("/left", 0);
        accepted = value.integer("/accepted", 0);
        duplicates = value.integer("/duplicates", 0);
        conflicts = value.integer("/conflicts", 0);
    }

    /**
     * Texts of which everything is in the store now; they are no longer among the rejected.
     *
     * @return the number
     */
    public long taken() {
        return taken;
    }

    /**
     * Texts that stay where they are.
     *
     * @return the number
     */
    public long left() {
        return left;
    }

    /**
     * Events and CDRs that were new.
     *
     * @return the number
     */
    public long accepted() {
        return accepted;
    }

    /**
     * Those that were known; conflicts are among them.
     *
     * @return the number
     */
    public long duplicates() {
        return duplicates;
    }

    /**
     * Those that contradict what is known. They are kept beside it.
     *
     * @return the number
     */
    public long conflicts() {
        return conflicts;
    }
}
