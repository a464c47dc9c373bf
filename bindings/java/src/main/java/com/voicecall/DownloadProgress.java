package com.voicecall;

/** How far a download is. */
public final class DownloadProgress {
    private final long bytes;
    private final Long total;

    DownloadProgress(long bytes, Long total) {
        this.bytes = bytes;
        this.total = total;
    }

    /**
     * Bytes in the file so far.
     *
     * @return their number
     */
    public long bytes() {
        return bytes;
    }

    /**
     * Bytes of the whole recording.
     *
     * @return their number; null where the server does not tell
     */
    public Long total() {
        return total;
    }

    @Override
    public String toString() {
        return bytes + " of " + (total == null ? "?" : total) + " bytes";
    }
}
