package com.voicecall;

import com.voicecall.internal.Library;
import com.voicecall.internal.Native;
import com.voicecall.internal.Utf8;

/**
 * The native library behind everything here. It is loaded when something needs it first, from the file that the system
 * property {@code voicecall.library} or the environment variable {@code VOICECALL_LIBRARY} names, else out of this package,
 * else by the system's search for {@code voicecall}.
 */
public final class NativeLibrary {
    private NativeLibrary() {
    }

    /**
     * Its version, e.g. {@code 0.1.0}.
     *
     * @return the version
     * @throws UnsatisfiedLinkError it is not found, or does not fit; the message tells where it was looked for and why
     */
    public static String version() {
        Library.require();
        return Utf8.text(Native.voicecall_version());
    }
}
