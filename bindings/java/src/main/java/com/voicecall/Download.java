package com.voicecall;

import com.voicecall.internal.Milliseconds;
import com.voicecall.internal.Native;
import com.voicecall.internal.Numbers;
import com.voicecall.internal.Status;
import com.voicecall.internal.Utf8;
import com.voicecall.internal.Value;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** One download while it runs. */
final class Download {
    private final RecordingSource source;
    private final byte[] path;
    private final DownloadOptions options;
    private final long timeout;
    private final BooleanSupplier isStopped;

    /** What the program's own code threw: it must not cross the library. */
    private Throwable thrown;

    Download(RecordingSource source, Path path, DownloadOptions options, BooleanSupplier isStopped) {
        this.source = Objects.requireNonNull(source, "source");
        this.path = Utf8.terminated(Objects.requireNonNull(path, "path").toAbsolutePath().toString());
        this.options = Objects.requireNonNull(options, "options");
        timeout = Milliseconds.ofCall(options.timeout());
        this.isStopped = isStopped;
    }

    long run(VoiceCallClient client) {
        long[] bytes = new long[1];
        long[] error = new long[1];
        try (Value value = Value.of(source::write)) {
            Status.found(download(client, value.handle(), bytes, error), error);
            return bytes[0];
        } catch (VoiceCallException exception) {
            throw thrown == null ? exception : Download.<RuntimeException>unchanged(thrown);
        }
    }

    private int download(VoiceCallClient client, long value, long[] bytes, long[] error) {
        Native.Progress told = this::told;
        int flags = options.overwrite() ? Numbers.DOWNLOAD_OVERWRITE : 0;
        long handle = client.begin();
        try {
            return Native.voicecall_client_download_recording(handle, value, path, timeout, flags, told, 0, bytes, error);
        } finally {
            client.end();
            Reference.reachabilityFence(told);
        }
    }

    private int told(long bytes, long total, long user) {
        try {
            if (options.progress() != null) {
                options.progress().accept(new DownloadProgress(bytes, total < 0 ? null : total));
            }
        } catch (Throwable throwable) {
            thrown = throwable;
        }
        return thrown == null && !isStopped.getAsBoolean() ? 0 : 1;
    }

    /** A consumer throws unchecked exceptions and errors only, unless it is made to lie. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchanged(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
