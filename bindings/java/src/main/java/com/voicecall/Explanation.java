package com.voicecall;

import com.voicecall.internal.Value;
import java.util.List;

/**
 * Why a call ended as it did: the code that tells most, and what the other codes add.
 */
public final class Explanation extends Cause {
    private final boolean succeeded;
    private final List<Cause> details;

    Explanation(Value value, String pointer) {
        super(value, pointer + "/cause");
        succeeded = value.flag(pointer + "/succeeded", false);
        details = value.items(pointer + "/details", Cause::new);
    }

    /**
     * The call was connected and ended normally.
     *
     * @return whether it was and did
     */
    public boolean succeeded() {
        return succeeded;
    }

    /**
     * What the other codes add.
     *
     * @return the codes, maybe none
     */
    public List<Cause> details() {
        return details;
    }

    /** The explanation at a pointer; null when there is none. */
    static Explanation at(Value value, String pointer) {
        return value.has(pointer) ? new Explanation(value, pointer) : null;
    }
}
