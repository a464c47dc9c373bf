using System;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>
    /// Keeps pushes in a SQLite file: recognises what comes twice, and says yes to the platform only when everything is on the
    /// disk.
    /// </summary>
    /// <remarks>
    /// Any number of threads may use it at once, and any number of processes one file. Every method waits for the disk on the
    /// thread that calls it; those that end with <c>Async</c> are done by the library, and hold no thread of the program. PostgreSQL is for the command
    /// <c>voicecall listen</c>. All methods throw <see cref="VoiceCallException"/>, of kind <see cref="ErrorKind.Storage"/> when the
    /// store cannot read or write, and of kind <see cref="ErrorKind.Closed"/> behind <see cref="Close"/>.
    /// </remarks>
    public sealed partial class Intake : IDisposable
    {
        private readonly IntakeHandle handle;

        /// <summary>Opens a store, and makes it if it is not there.</summary>
        /// <param name="config">Settings; copied.</param>
        /// <param name="webhook">How signatures are checked; null: they are not. Copied.</param>
        /// <exception cref="ArgumentNullException"><paramref name="config"/> is null.</exception>
        /// <exception cref="VoiceCallException">
        /// Of kind <see cref="ErrorKind.Configuration"/>, with the setting in <see cref="VoiceCallException.Field"/>, or
        /// <see cref="ErrorKind.Storage"/> when the store cannot be opened, is damaged or was written by a newer version.
        /// </exception>
        public Intake(IntakeConfig config, WebhookConfig webhook = null)
        {
            using (var store = Value.Of(config ?? throw new ArgumentNullException(nameof(config))))
            using (var signatures = Value.Of(webhook ?? new WebhookConfig()))
            {
                Status.Found(Native.voicecall_intake_new(store.Handle, signatures.Handle, out handle, out var error), error);
            }
        }

        /// <summary>
        /// Receives a push, and returns when everything in it is on the disk; then send the reply. Throws for wrong arguments only:
        /// a push that is refused, cannot be read or cannot be stored is told by what it returns.
        /// </summary>
        /// <param name="headers">The headers of the request, in any letter case and order.</param>
        /// <param name="body">The raw bytes of the request. What a parser made of them cannot be used.</param>
        /// <param name="now">The time to judge by; null: the clock's.</param>
        public Receipt Receive(IEnumerable<KeyValuePair<string, string>> headers, byte[] body, DateTimeOffset? now = null)
        {
            var pairs = HeaderPairs.Of(headers);
            if (body == null)
            {
                throw new ArgumentNullException(nameof(body));
            }

            using (var names = new TextList(pairs.Select(pair => pair.Key).ToArray()))
            using (var values = new TextList(pairs.Select(pair => pair.Value).ToArray()))
            {
                var status = Native.voicecall_intake_receive(
                    handle,
                    names.Addresses,
                    values.Addresses,
                    names.Count,
                    body,
                    (UIntPtr)(uint)body.Length,
                    UnixTime.Of(now),
                    out var receipt,
                    out var error);
                Status.Found(status, error);
                return new Receipt(receipt, body.Length);
            }
        }

        /// <summary>The same with headers as <c>HttpListener</c> and ASP.NET on .NET Framework have them.</summary>
        /// <param name="headers">The headers of the request.</param>
        /// <param name="body">The raw bytes of the request.</param>
        /// <param name="now">The time to judge by; null: the clock's.</param>
        public Receipt Receive(NameValueCollection headers, byte[] body, DateTimeOffset? now = null)
        {
            return Receive(HeaderPairs.Of(headers), body, now);
        }

        /// <summary>The same with a function that looks a header up: on ASP.NET Core <c>name => request.Headers[name]</c>.</summary>
        /// <param name="headers">Takes the name of a header, in any letter case, and returns its value; null if there is none.</param>
        /// <param name="body">The raw bytes of the request.</param>
        /// <param name="now">The time to judge by; null: the clock's.</param>
        public Receipt Receive(Func<string, string> headers, byte[] body, DateTimeOffset? now = null)
        {
            return Receive(HeaderPairs.Of(headers), body, now);
        }

        /// <summary>
        /// The same as a task. Cancelling ends the waiting; the push may be stored all the same, so answer with a failure. What is
        /// received never waits for a thread of <see cref="WaitForAsync"/> or of calls.
        /// </summary>
        /// <param name="headers">The headers of the request.</param>
        /// <param name="body">The raw bytes of the request; copied.</param>
        /// <param name="cancellationToken">Ends the waiting; cancelled beforehand, nothing is stored.</param>
        public Task<Receipt> ReceiveAsync(
            IEnumerable<KeyValuePair<string, string>> headers,
            byte[] body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var pairs = HeaderPairs.Of(headers);
            if (body == null)
            {
                throw new ArgumentNullException(nameof(body));
            }

            RequireOpen();
            using (var names = new TextList(pairs.Select(pair => pair.Key).ToArray()))
            using (var values = new TextList(pairs.Select(pair => pair.Value).ToArray()))
            {
                Jobs.Begin begin = (QueueHandle queue, long id, out IntPtr error) => Native.voicecall_intake_submit_receive(
                    handle,
                    names.Addresses,
                    values.Addresses,
                    names.Count,
                    body,
                    (UIntPtr)(uint)body.Length,
                    UnixTime.Of(null),
                    queue,
                    id,
                    out error);
                return Jobs.Run(this, begin, done => ReceiptOf(done, body.Length), cancellationToken);
            }
        }

        /// <summary>The same with a function that looks a header up.</summary>
        /// <param name="headers">Takes the name of a header, in any letter case, and returns its value; null if there is none.</param>
        /// <param name="body">The raw bytes of the request; must not change before the task ends.</param>
        /// <param name="cancellationToken">Ends the waiting; cancelled beforehand, nothing is stored.</param>
        public Task<Receipt> ReceiveAsync(
            Func<string, string> headers,
            byte[] body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return ReceiveAsync(HeaderPairs.Of(headers), body, cancellationToken);
        }

        /// <summary>Everything that is known of a call; null when nothing is.</summary>
        /// <param name="sessionId">The id of the call.</param>
        public Call Call(string sessionId)
        {
            return Story("call", to => to.Member("sessionId", sessionId ?? throw new ArgumentNullException(nameof(sessionId))));
        }

        /// <summary>Waits until something has happened in a call; null when it has not within this time, or cannot any more.</summary>
        /// <param name="sessionId">The id of the call.</param>
        /// <param name="condition">
        /// A state as in <see cref="Call.State"/> (come so far, or further), <c>a_answered</c>, <c>b_answered</c> or <c>digits</c>.
        /// </param>
        /// <param name="timeout">The longest wait.</param>
        public Call WaitFor(string sessionId, string condition, TimeSpan timeout)
        {
            return Story("wait_for", Wait(sessionId, condition, timeout));
        }

        /// <summary>The same as a task. No thread waits for it: any number of waits may be under way. Cancelling ends it.</summary>
        /// <param name="sessionId">The id of the call.</param>
        /// <param name="condition">As for <see cref="WaitFor"/>.</param>
        /// <param name="timeout">The longest wait.</param>
        /// <param name="cancellationToken">Ends the waiting.</param>
        public Task<Call> WaitForAsync(
            string sessionId,
            string condition,
            TimeSpan timeout,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            RequireOpen();
            using (var arguments = Value.Of(new Arguments(Wait(sessionId, condition, timeout))))
            {
                Jobs.Begin begin = (QueueHandle queue, long id, out IntPtr error) => Native.voicecall_intake_submit(
                    handle, Utf8.Terminated("wait_for"), arguments.Handle, queue, id, out error);
                return Jobs.Run(this, begin, Jobs.Answer(answer => new Call(answer, string.Empty)), cancellationToken);
            }
        }

        /// <summary>The calls that fit a filter, the latest first.</summary>
        /// <param name="filter">Which; null: all.</param>
        public CallPage Calls(CallFilter filter = null)
        {
            return Perform("calls", to => to.Member("filter", filter), answer => new CallPage(answer));
        }

        /// <summary>
        /// Calls without a CDR that began longer ago than this, and attempts whose outcome is unknown: money that somebody should
        /// look after. The oldest first.
        /// </summary>
        /// <param name="olderThan">Null: 7 hours, after which the platform sends no CDR again.</param>
        public IReadOnlyList<Call> Unsettled(TimeSpan? olderThan = null)
        {
            return Perform("unsettled", to => to.Member("olderThanMs", olderThan), answer => new CallPage(answer).Calls);
        }

        /// <summary>
        /// What came and could not be taken: records that cannot be read, bodies that are no push, and what the signature's policy
        /// refused.
        /// </summary>
        /// <param name="rejectedClass">Those of this <see cref="RejectedText.Class"/>; null: all.</param>
        /// <param name="limit">Texts of a page, at most 1000; null: 100.</param>
        /// <param name="after"><see cref="RejectedPage.Next"/> of the page before; null: the first.</param>
        public RejectedPage Rejected(string rejectedClass = null, int? limit = null, string after = null)
        {
            var filter = new Arguments(to =>
            {
                to.Member("class", rejectedClass);
                to.Member("limit", limit);
                to.Member("after", after);
            });
            return Perform("rejected", to => to.Member("filter", filter), answer => new RejectedPage(answer));
        }

        /// <summary>
        /// Reads again what could not be read, and takes in what this version can read. What was refused for its signature is left
        /// alone.
        /// </summary>
        public Retried RetryRejected()
        {
            return Perform("retry_rejected", to => { }, answer => new Retried(answer));
        }

        /// <summary>
        /// Takes in these texts though their signature was refused. Their records have the verdict <c>admitted</c>: they count more
        /// than unsigned ones and less than those with a valid signature.
        /// </summary>
        /// <param name="ids"><see cref="RejectedText.Id"/> of each.</param>
        public Retried AdmitRejected(IEnumerable<long> ids)
        {
            var texts = ids.Select(id => id.ToString(CultureInfo.InvariantCulture)).ToList();
            return Perform("admit_rejected", to => to.Member("ids", texts), answer => new Retried(answer));
        }

        /// <summary>Adds up the CDRs.</summary>
        /// <param name="filter">Which, by the time at which calls ended; null: all.</param>
        /// <param name="by"><c>month</c>, <c>app_key</c>, <c>display_number</c>, <c>user_data</c>; null: one total.</param>
        /// <param name="pricePerMinute">Price of a minute of one leg as decimal text, e.g. <c>0.18</c>; null: no price is told.</param>
        /// <param name="zone">
        /// Where a month begins; null: in UTC. The platform's pages do not say in which zone it settles.
        /// </param>
        public IReadOnlyList<Total> Totals(
            CallFilter filter = null,
            IList<string> by = null,
            string pricePerMinute = null,
            CreatedZone? zone = null)
        {
            return Perform(
                "totals",
                to =>
                {
                    to.Member("filter", filter);
                    to.Member("by", by);
                    to.Member("pricePerMinute", pricePerMinute);
                    to.Member("zone", zone.HasValue ? Words.Text(zone.Value) : null);
                },
                answer => answer.Items("/totals", (document, at) => new Total(document, at, by ?? new string[0])));
        }

        /// <summary>Writes the CDRs that fit a filter, the one that ended first first; tells how many.</summary>
        /// <param name="output">Where to; it stays open. What it throws ends the export and comes out here.</param>
        /// <param name="format">The form.</param>
        /// <param name="filter">Which; null: all.</param>
        /// <param name="pricePerMinute">As for <see cref="Totals"/>.</param>
        public long Export(Stream output, ExportFormat format, CallFilter filter = null, string pricePerMinute = null)
        {
            if (output == null)
            {
                throw new ArgumentNullException(nameof(output));
            }

            ExceptionDispatchInfo thrown = null;
            WriteCallback write = (bytes, length, user) =>
            {
                try
                {
                    var piece = new byte[checked((int)length)];
                    Marshal.Copy(bytes, piece, 0, piece.Length);
                    output.Write(piece, 0, piece.Length);
                    return 0;
                }
                catch (Exception exception)
                {
                    // No exception may cross the library.
                    thrown = ExceptionDispatchInfo.Capture(exception);
                    return 1;
                }
            };
            var arguments = new Arguments(to =>
            {
                to.Member("format", Word(format));
                to.Member("filter", filter);
                to.Member("pricePerMinute", pricePerMinute);
            });
            using (var value = Value.Of(arguments))
            {
                RequireOpen();
                var status = Native.voicecall_intake_export(handle, value.Handle, write, IntPtr.Zero, out var records, out var error);
                GC.KeepAlive(write);
                try
                {
                    Status.Found(status, error);
                }
                catch (VoiceCallException) when (thrown != null)
                {
                    thrown.Throw();
                }

                return (long)records;
            }
        }

        /// <summary>
        /// Deletes for good what ended or was received before this time. A CDR that the platform sends again after that is taken for
        /// a new one; it may do so for six hours after the call.
        /// </summary>
        /// <param name="before">The time.</param>
        public Purged Purge(DateTimeOffset before)
        {
            return Perform("purge", to => to.Member("before", before.ToUnixTimeSeconds()), answer => new Purged(answer));
        }

        /// <summary>Forgets an attempt that has rung nobody: its error's delivery was not <see cref="Delivery.Unknown"/>.</summary>
        /// <param name="attemptTag">The mark of the attempt.</param>
        public void Withdraw(string attemptTag)
        {
            Perform<object>(
                "withdraw",
                to => to.Member("attemptTag", attemptTag ?? throw new ArgumentNullException(nameof(attemptTag))),
                answer => null);
        }

        /// <summary>Looks the whole store over for damage; takes as long as reading all of it.</summary>
        public void Check()
        {
            Perform<object>("check", to => { }, answer => null);
        }

        /// <summary>Finds out whether the store can write: for health checks.</summary>
        public void Probe()
        {
            Perform<object>("probe", to => { }, answer => null);
        }

        /// <summary>
        /// A telephone number as the store keeps it: as it is, or hashed under <see cref="IntakeConfig.NumbersKey"/>.
        /// </summary>
        /// <param name="number">The number.</param>
        public string StoredNumber(string number)
        {
            return Perform(
                "stored_number",
                to => to.Member("number", number ?? throw new ArgumentNullException(nameof(number))),
                answer => answer.Text("/number"));
        }

        /// <summary>
        /// Ends waits on other threads and refuses everything new, both with <see cref="ErrorKind.Closed"/>; what is being written is
        /// finished. As often as you like.
        /// </summary>
        public void Close()
        {
            try
            {
                Status.Found(Native.voicecall_intake_close(handle, out var error), error);
            }
            catch (ObjectDisposedException)
            {
                // What is disposed is closed.
            }
        }

        /// <summary>Closes the intake, and its store as soon as nobody uses it any more.</summary>
        public void Dispose()
        {
            Close();
            handle.Dispose();
        }

        private static string Word(ExportFormat format)
        {
            switch (format)
            {
                case ExportFormat.Ndjson: return "ndjson";
                case ExportFormat.Csv: return "csv";
                case ExportFormat.CsvForSpreadsheets: return "csv_for_spreadsheets";
                default: throw new ArgumentOutOfRangeException(nameof(format));
            }
        }

        private Attempt Attempt(string operation, IWritten request)
        {
            return Place("attempt", operation, request, to => { }, answer => new Attempt(answer));
        }

        private void Placed(string operation, IWritten request, PlacedCall call, string attemptTag)
        {
            if (call == null)
            {
                throw new ArgumentNullException(nameof(call));
            }

            Place<object>(
                "placed",
                operation,
                request,
                to =>
                {
                    to.Member("sessionId", call.SessionId);
                    to.Member("attemptTag", attemptTag);
                },
                answer => null);
        }

        private T Place<T>(string action, string operation, IWritten request, Action<JsonWriter> more, Func<Value, T> read)
        {
            if (request == null)
            {
                throw new ArgumentNullException(nameof(request));
            }

            var arguments = new Arguments(to =>
            {
                to.Member("operation", operation);
                to.Member("request", request);
                more(to);
            });
            using (var value = Value.Of(arguments))
            {
                if (request.Extra != null)
                {
                    value.SetJson(Utf8.Terminated("/request/extra"), request.Extra);
                }

                return Perform(action, value, read);
            }
        }

        private static Receipt ReceiptOf(DoneHandle done, long weight)
        {
            Status.Found(Native.voicecall_done_receipt(done, out var receipt, out var error), error);
            return new Receipt(receipt, weight);
        }

        private static Action<JsonWriter> Wait(string sessionId, string condition, TimeSpan timeout)
        {
            return to =>
            {
                to.Member("sessionId", sessionId ?? throw new ArgumentNullException(nameof(sessionId)));
                to.Member("condition", condition ?? throw new ArgumentNullException(nameof(condition)));
                to.Member("timeoutMs", timeout);
            };
        }

        private Call Story(string action, Action<JsonWriter> arguments)
        {
            return Perform(action, arguments, answer => new Call(answer, string.Empty));
        }

        private T Perform<T>(string action, Action<JsonWriter> arguments, Func<Value, T> read)
        {
            using (var value = Value.Of(new Arguments(arguments)))
            {
                return Perform(action, value, read);
            }
        }

        /// <summary>Null when the library has no answer.</summary>
        private T Perform<T>(string action, Value arguments, Func<Value, T> read)
        {
            RequireOpen();
            var status = Native.voicecall_intake_perform(
                handle, Utf8.Terminated(action), arguments.Handle, out var answer, out var error);
            if (!Status.Found(status, error))
            {
                return default(T);
            }

            using (var value = new Value(answer))
            {
                return read(value);
            }
        }

        /// <summary>The handle would say so too, but name itself and not the intake.</summary>
        private void RequireOpen()
        {
            if (handle.IsClosed)
            {
                throw new ObjectDisposedException(nameof(Intake));
            }
        }
    }
}
