package com.voicecall;

import com.voicecall.internal.Handle;
import com.voicecall.internal.Jobs;
import com.voicecall.internal.HeaderTables;
import com.voicecall.internal.JsonWriter;
import com.voicecall.internal.Native;
import com.voicecall.internal.Status;
import com.voicecall.internal.Utf8;
import com.voicecall.internal.Value;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.Reference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Keeps pushes in a SQLite file: recognises what comes twice, and says yes to the platform only when everything is on the disk.
 *
 * <p>Any number of threads may use it at once, and any number of processes one file. Every method waits for the disk on the
 * thread that calls it. PostgreSQL is for the command {@code voicecall listen}. All methods throw {@link VoiceCallException}, of
 * kind {@link ErrorKind#STORAGE} when the store cannot read or write, and of kind {@link ErrorKind#CLOSED} behind
 * {@link #close()}.
 */
public final class Intake extends IntakePlacing implements AutoCloseable {
    private final Handle handle;

    /**
     * Opens a store without checking signatures; it is made if it is not there.
     *
     * @param config settings
     * @throws VoiceCallException as for the other constructor
     */
    public Intake(IntakeConfig config) {
        this(config, null);
    }

    /**
     * Opens a store, and makes it if it is not there.
     *
     * @param config settings
     * @param webhook how signatures are checked; null: they are not
     * @throws VoiceCallException of kind {@link ErrorKind#CONFIGURATION}, with the setting in
     *     {@link VoiceCallException#field()}, or {@link ErrorKind#STORAGE} when the store cannot be opened, is damaged or was
     *     written by a newer version
     */
    public Intake(IntakeConfig config, WebhookConfig webhook) {
        Objects.requireNonNull(config, "config");
        long[] intake = new long[1];
        long[] error = new long[1];
        try (Value store = Value.of(config::write);
                Value signatures = webhook == null ? null : Value.of(webhook::write)) {
            long checked = signatures == null ? 0 : signatures.handle();
            Status.found(Native.voicecall_intake_new(store.handle(), checked, intake, error), error);
        }
        handle = new Handle(intake[0], Native::voicecall_intake_free);
    }

    /**
     * Receives a push, and returns when everything in it is on the disk; then send the reply. Throws for wrong arguments only: a
     * push that is refused, cannot be read or cannot be stored is told by what it returns.
     *
     * @param headers the headers of the request, in any letter case and order
     * @param body the raw bytes of the request; what a parser made of them cannot be used
     * @return what became of it, and the reply
     */
    public Receipt receive(Map<String, List<String>> headers, byte[] body) {
        return receive(headers, body, null);
    }

    /**
     * The same at a time of one's own.
     *
     * @param headers the headers of the request, in any letter case and order
     * @param body the raw bytes of the request
     * @param now the time to judge by; null: the clock's
     * @return what became of it, and the reply
     */
    public Receipt receive(Map<String, List<String>> headers, byte[] body, Instant now) {
        return receive(HeaderTables.of(headers), body, now);
    }

    /**
     * The same with headers that can be iterated, as those of Vert.x.
     *
     * @param headers the headers of the request, in any letter case and order
     * @param body the raw bytes of the request
     * @return what became of it, and the reply
     */
    public Receipt receive(Iterable<? extends Map.Entry<String, String>> headers, byte[] body) {
        return receive(HeaderTables.of(headers), body, null);
    }

    /**
     * The same with a function that looks a header up: {@code headers::getFirst} of Spring, {@code context::header} of Javalin,
     * {@code request::getHeader} of a servlet.
     *
     * @param headers takes the name of a header, in any letter case, and returns its value, or null if there is none
     * @param body the raw bytes of the request
     * @return what became of it, and the reply
     */
    public Receipt receive(Function<String, String> headers, byte[] body) {
        return receive(HeaderTables.of(headers), body, null);
    }

    private Receipt receive(HeaderTables tables, byte[] body, Instant now) {
        Objects.requireNonNull(body, "body");
        long[] receipt = new long[1];
        long[] error = new long[1];
        long intake = begin();
        try {
            int status = Native.voicecall_intake_receive(
                    intake,
                    tables.names().addresses(),
                    tables.values().addresses(),
                    tables.names().size(),
                    body,
                    body.length,
                    Webhook.seconds(now),
                    receipt,
                    error);
            Status.found(status, error);
        } finally {
            handle.end();
            Reference.reachabilityFence(tables);
        }
        try {
            return new Receipt(receipt[0]);
        } finally {
            Native.voicecall_receipt_free(receipt[0]);
        }
    }

    /**
     * Everything that is known of a call.
     *
     * @param sessionId the id of the call
     * @return its story; null when nothing is known
     */
    public Call call(String sessionId) {
        Objects.requireNonNull(sessionId, "sessionId");
        return perform("call", to -> to.member("sessionId", sessionId), answer -> new Call(answer, ""));
    }

    /**
     * Waits until something has happened in a call.
     *
     * @param sessionId the id of the call
     * @param condition a state as in {@link Call#state()} (come so far, or further), {@code a_answered}, {@code b_answered} or
     *     {@code digits}
     * @param timeout the longest wait
     * @return the call; null when it has not happened within this time, or cannot any more
     */
    public Call waitFor(String sessionId, String condition, Duration timeout) {
        return perform("wait_for", wait(sessionId, condition, timeout), answer -> new Call(answer, ""));
    }

    /**
     * The same without a thread that waits: any number of waits may be under way. Cancelling the future ends the wait.
     *
     * @param sessionId the id of the call
     * @param condition as for {@link #waitFor}
     * @param timeout the longest wait
     * @return completes with the call, with null when it has not happened within this time or cannot any more, or with a
     *     {@link VoiceCallException}
     */
    public CompletableFuture<Call> waitForAsync(String sessionId, String condition, Duration timeout) {
        Consumer<JsonWriter> members = wait(sessionId, condition, timeout);
        Consumer<JsonWriter> arguments = to -> {
            to.beginObject();
            members.accept(to);
            to.endObject();
        };
        Jobs.Begin begin = (queue, id, error) -> {
            try (Value value = Value.of(arguments)) {
                long intake = begin();
                try {
                    return Native.voicecall_intake_submit(
                            intake, Utf8.terminated("wait_for"), value.handle(), queue, id, error);
                } finally {
                    handle.end();
                }
            }
        };
        return Jobs.run(this, begin, answer -> new Call(answer, ""), new CompletableFuture<>().defaultExecutor());
    }

    private static Consumer<JsonWriter> wait(String sessionId, String condition, Duration timeout) {
        Objects.requireNonNull(sessionId, "sessionId");
        Objects.requireNonNull(condition, "condition");
        Objects.requireNonNull(timeout, "timeout");
        return to -> {
            to.member("sessionId", sessionId);
            to.member("condition", condition);
            to.member("timeoutMs", timeout);
        };
    }

    /**
     * Which calls there are.
     *
     * @param filter those that fit it; null: all
     * @return a page of them, the latest first
     */
    public CallPage calls(CallFilter filter) {
        return perform("calls", to -> to.object("filter", written(filter)), CallPage::new);
    }

    /**
     * Calls without a CDR that began longer ago than 7 hours, after which the platform sends none again, and attempts whose
     * outcome is unknown: money that somebody should look after.
     *
     * @return the oldest first
     */
    public List<Call> unsettled() {
        return unsettled(null);
    }

    /**
     * The same for another age.
     *
     * @param olderThan how long ago they began; null: 7 hours
     * @return the oldest first
     */
    public List<Call> unsettled(Duration olderThan) {
        return perform("unsettled", to -> to.member("olderThanMs", olderThan), answer -> new CallPage(answer).calls());
    }

    /**
     * What came and could not be taken: records that cannot be read, bodies that are no push, and what the signature's policy
     * refused.
     *
     * @param rejectedClass those of this {@link RejectedText#rejectedClass()}; null: all
     * @param limit texts of a page, at most 1000; null: 100
     * @param after {@link RejectedPage#next()} of the page before; null: the first page
     * @return a page of them, the oldest first
     */
    public RejectedPage rejected(String rejectedClass, Integer limit, String after) {
        Consumer<JsonWriter> filter = to -> {
            to.beginObject();
            to.member("class", rejectedClass);
            to.member("limit", limit == null ? null : limit.longValue());
            to.member("after", after);
            to.endObject();
        };
        return perform("rejected", to -> to.object("filter", filter), RejectedPage::new);
    }

    /**
     * Reads again what could not be read, and takes in what this version can read. What was refused for its signature is left
     * alone.
     *
     * @return what became of the texts
     */
    public Retried retryRejected() {
        return perform("retry_rejected", to -> {}, Retried::new);
    }

    /**
     * Takes in these texts though their signature was refused. Their records have the verdict {@code admitted}: they count more
     * than unsigned ones and less than those with a valid signature.
     *
     * @param ids {@link RejectedText#id()} of each
     * @return what became of the texts
     */
    public Retried admitRejected(List<Long> ids) {
        List<String> texts = new ArrayList<>();
        ids.forEach(id -> texts.add(Long.toString(id)));
        return perform("admit_rejected", to -> to.member("ids", texts), Retried::new);
    }

    /**
     * Adds up the CDRs; months begin in UTC.
     *
     * @param filter which, by the time at which calls ended; null: all
     * @param by any of {@code month}, {@code app_key}, {@code display_number} and {@code user_data}; empty: one total
     * @param pricePerMinute price of a minute of one leg as decimal text, e.g. {@code 0.18}; null: no price is told
     * @return a total for each group
     */
    public List<Total> totals(CallFilter filter, List<String> by, String pricePerMinute) {
        return totals(filter, by, pricePerMinute, null);
    }

    /**
     * The same with months of one's own. The platform's pages do not say in which zone it settles.
     *
     * @param filter as for the other
     * @param by as for the other
     * @param pricePerMinute as for the other
     * @param zone where a month begins; null: in UTC
     * @return a total for each group
     */
    public List<Total> totals(CallFilter filter, List<String> by, String pricePerMinute, CreatedZone zone) {
        List<String> groups = List.copyOf(by);
        Consumer<JsonWriter> arguments = to -> {
            to.object("filter", written(filter));
            to.member("by", groups);
            to.member("pricePerMinute", pricePerMinute);
            to.member("zone", zone == null ? null : zone.wire());
        };
        return perform(
                "totals",
                arguments,
                answer -> answer.items("/totals", (document, at) -> new Total(document, at, groups)));
    }

    /**
     * Writes the CDRs that fit a filter, the one that ended first first.
     *
     * @param output where to; it stays open
     * @param format the form
     * @param filter which; null: all
     * @param pricePerMinute as for {@link #totals}
     * @return how many
     * @throws IOException what the output throws; it ends the export
     */
    public long export(OutputStream output, ExportFormat format, CallFilter filter, String pricePerMinute) throws IOException {
        Objects.requireNonNull(format, "format");
        Consumer<JsonWriter> arguments = to -> {
            to.beginObject();
            to.member("format", format.word());
            to.object("filter", written(filter));
            to.member("pricePerMinute", pricePerMinute);
            to.endObject();
        };
        Export export = new Export(Objects.requireNonNull(output, "output"));
        try (Value value = Value.of(arguments)) {
            long intake = begin();
            try {
                return export.run(intake, value.handle());
            } finally {
                handle.end();
            }
        }
    }

    /**
     * Deletes for good what ended or was received before this time. A CDR that the platform sends again after that is taken for a
     * new one; it may do so for six hours after the call.
     *
     * @param before the time
     * @return how much was deleted
     */
    public Purged purge(Instant before) {
        return perform("purge", to -> to.member("before", (Long) before.getEpochSecond()), Purged::new);
    }

    /**
     * Forgets an attempt that has rung nobody: its error's delivery was not {@link Delivery#UNKNOWN}.
     *
     * @param attemptTag the mark of the attempt
     */
    public void withdraw(String attemptTag) {
        Objects.requireNonNull(attemptTag, "attemptTag");
        perform("withdraw", to -> to.member("attemptTag", attemptTag), answer -> null);
    }

    /** Looks the whole store over for damage; takes as long as reading all of it. */
    public void check() {
        perform("check", to -> { }, answer -> null);
    }

    /** Finds out whether the store can write: for health checks. */
    public void probe() {
        perform("probe", to -> { }, answer -> null);
    }

    /**
     * A telephone number as the store keeps it: as it is, or hashed under {@link IntakeConfig#numbersKey()}.
     *
     * @param number the number
     * @return what is in the store for it
     */
    public String storedNumber(String number) {
        Objects.requireNonNull(number, "number");
        return perform("stored_number", to -> to.member("number", number), answer -> answer.text("/number"));
    }

    /**
     * Ends waits on other threads and refuses everything new, both with {@link ErrorKind#CLOSED}; frees the store as soon as
     * nobody uses it. As often as you like.
     */
    @Override
    public void close() {
        long intake = handle.begin();
        if (intake != 0) {
            try {
                long[] error = new long[1];
                Status.found(Native.voicecall_intake_close(intake, error), error);
            } finally {
                handle.end();
            }
        }
        handle.close();
    }

    /** Null when the library has no answer. */
    @Override
    <T> T perform(String action, Consumer<JsonWriter> members, Function<Value, T> read) {
        Consumer<JsonWriter> arguments = to -> {
            to.beginObject();
            members.accept(to);
            to.endObject();
        };
        long[] answer = new long[1];
        long[] error = new long[1];
        try (Value value = Value.of(arguments)) {
            long intake = begin();
            try {
                byte[] name = Utf8.terminated(action);
                if (!Status.found(Native.voicecall_intake_perform(intake, name, value.handle(), answer, error), error)) {
                    return null;
                }
            } finally {
                handle.end();
            }
        }
        try (Value value = new Value(answer[0])) {
            return read.apply(value);
        }
    }

    private static Consumer<JsonWriter> written(CallFilter filter) {
        return filter == null ? null : filter::write;
    }

    private long begin() {
        long intake = handle.begin();
        if (intake == 0) {
            throw VoiceCallException.builder(ErrorKind.CLOSED, "the intake is closed").build();
        }
        return intake;
    }

    /** One export while it runs. */
    private static final class Export {
        private final OutputStream output;

        /** What the program's own code threw: it must not cross the library. */
        private Throwable thrown;

        Export(OutputStream output) {
            this.output = output;
        }

        long run(long intake, long arguments) throws IOException {
            Native.Write write = this::take;
            long[] records = new long[1];
            long[] error = new long[1];
            try {
                Status.found(Native.voicecall_intake_export(intake, arguments, write, 0, records, error), error);
            } catch (VoiceCallException exception) {
                if (thrown instanceof IOException) {
                    throw (IOException) thrown;
                }
                throw thrown == null ? exception : Export.<RuntimeException>unchanged(thrown);
            } finally {
                Reference.reachabilityFence(write);
            }
            return records[0];
        }

        private int take(long bytes, long length, long user) {
            try {
                output.write(Utf8.copy(bytes, Math.toIntExact(length)));
                return 0;
            } catch (Throwable throwable) {
                thrown = throwable;
                return 1;
            }
        }

        /** A stream throws I/O and unchecked exceptions and errors only, unless it is made to lie. */
        @SuppressWarnings("unchecked")
        private static <T extends Throwable> T unchanged(Throwable thrown) throws T {
            throw (T) thrown;
        }
    }
}
