using System;
using System.Threading;
using System.Threading.Tasks;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>
    /// A connection to the platform for one application.
    /// </summary>
    /// <remarks>
    /// Any number of threads may use it at once, and one of them may close or dispose it: calls in flight on the others then
    /// end with <see cref="ErrorKind.Closed"/>, and its memory is freed when the last has ended. Make one and keep it: it
    /// holds connections open.
    /// <para>
    /// A call costs money and rings a human being. The library never rings twice by itself. Whether a call that failed may be
    /// placed again is told by <see cref="VoiceCallException.Delivery"/>.
    /// </para>
    /// </remarks>
    public sealed partial class VoiceCallClient : IDisposable
    {
        private readonly ClientHandle handle;

        /// <summary>Makes a client. Nothing is connected before the first call.</summary>
        /// <param name="config">Settings; copied.</param>
        /// <exception cref="ArgumentNullException"><paramref name="config"/> is null.</exception>
        /// <exception cref="VoiceCallException">
        /// Of kind <see cref="ErrorKind.Configuration"/>, with the setting in <see cref="VoiceCallException.Field"/>.
        /// </exception>
        public VoiceCallClient(Config config)
        {
            using (var value = Value.Of(config ?? throw new ArgumentNullException(nameof(config))))
            {
                Status.Found(Native.voicecall_client_new(value.Handle, out handle, out var error), error);
            }
        }

        /// <summary>
        /// A client with the settings of the variables <c>VOICECALL_APP_KEY</c>, <c>VOICECALL_APP_SECRET</c> and, where it is set,
        /// <c>VOICECALL_ENDPOINT</c>.
        /// </summary>
        /// <param name="settings">Gets what the environment says, and adds to it; null: nothing is added.</param>
        /// <exception cref="VoiceCallException">
        /// Of kind <see cref="ErrorKind.Configuration"/> when one of them is missing or cannot work.
        /// </exception>
        public static VoiceCallClient FromEnv(Action<Config> settings = null)
        {
            var endpoint = Environment.GetEnvironmentVariable("VOICECALL_ENDPOINT");
            var config = new Config
            {
                AppKey = Environment.GetEnvironmentVariable("VOICECALL_APP_KEY"),
                AppSecret = Environment.GetEnvironmentVariable("VOICECALL_APP_SECRET"),
                Endpoint = string.IsNullOrEmpty(endpoint) ? null : endpoint,
            };
            settings?.Invoke(config);
            return new VoiceCallClient(config);
        }

        /// <summary>
        /// Ends calls and downloads in flight and refuses new ones, all with <see cref="ErrorKind.Closed"/>. As often as you
        /// like.
        /// </summary>
        public void Close()
        {
            try
            {
                Status.Found(Native.voicecall_client_close(handle, out var error), error);
            }
            catch (ObjectDisposedException)
            {
                // What is disposed is closed.
            }
        }

        /// <summary>Closes the client and frees it, as soon as the last call in flight has ended.</summary>
        public void Dispose()
        {
            Close();
            handle.Dispose();
        }

        /// <summary>
        /// Shows the exact request that a call would send, and sends nothing: request line, headers, body; digest, codes and
        /// template values hidden, phone numbers masked.
        /// </summary>
        public string Preview(VoiceCallback request)
        {
            return Preview(CreateVoiceCallbackName, Argument(request));
        }

        /// <summary>The same for a notification; see <see cref="Preview(VoiceCallback)"/>.</summary>
        public string Preview(VoiceNotification request)
        {
            return Preview(CreateVoiceNotificationName, Argument(request));
        }

        /// <summary>The same for a verification code; see <see cref="Preview(VoiceCallback)"/>.</summary>
        public string Preview(VoiceVerificationCode request)
        {
            return Preview(CreateVoiceVerificationCodeName, Argument(request));
        }

        /// <summary>For what no structure can say: an operation with any JSON as its arguments.</summary>
        internal string Call(string operation, string arguments)
        {
            return Perform(Utf8.Terminated(operation), JsonWriter.Of(arguments), null, answer => answer.Json());
        }

        private static JsonWriter Argument(IWritten request)
        {
            return JsonWriter.Of(request ?? throw new ArgumentNullException(nameof(request)));
        }

        /// <summary>The request of an operation that takes one text.</summary>
        private static JsonWriter Argument(string field, string value, string name)
        {
            return JsonWriter.Of(new OneText(field, value ?? throw new ArgumentNullException(name)));
        }

        private static PlacedCall PlacedCallOf(Value answer)
        {
            return new PlacedCall(answer);
        }

        private static string UrlOf(Value answer)
        {
            return answer.Text("/url");
        }

        private static object NothingOf(Value answer)
        {
            return null;
        }

        private string Preview(byte[] operation, JsonWriter arguments)
        {
            using (arguments)
            using (var value = Value.Parse(arguments))
            {
                RequireOpen();
                Status.Found(Native.voicecall_client_preview(handle, operation, value.Handle, out var request, out var error), error);
                using (var text = new Value(request))
                {
                    return text.Text(string.Empty);
                }
            }
        }

        /// <summary>Performs an operation on this thread; wipes the arguments.</summary>
        private T Perform<T>(byte[] operation, JsonWriter arguments, TimeSpan? timeout, Func<Value, T> read)
        {
            using (arguments)
            {
                return Perform(operation, arguments, Milliseconds.OfCall(timeout), read);
            }
        }

        private T Perform<T>(byte[] operation, JsonWriter arguments, long timeout, Func<Value, T> read)
        {
            RequireOpen();
            var status = Native.voicecall_client_call_json(
                handle, operation, arguments.Bytes, arguments.Length, timeout, out var answer, out var json, out var length, out var error);
            Status.Found(status, error);
            using (var value = new Value(answer, Utf8.Text(json, length)))
            {
                return read(value);
            }
        }

        private Task<T> PerformAsync<T>(
            byte[] operation,
            JsonWriter arguments,
            TimeSpan? timeout,
            Func<Value, T> read,
            CancellationToken cancellationToken)
        {
            using (arguments)
            {
                var milliseconds = Milliseconds.OfCall(timeout);
                RequireOpen();
                Jobs.Begin begin = (QueueHandle queue, long id, out IntPtr error) => Native.voicecall_client_submit(
                    handle, operation, arguments.Bytes, arguments.Length, milliseconds, queue, id, out error);
                return Jobs.Run(this, begin, Jobs.Answer(read), cancellationToken);
            }
        }

        /// <summary>The handle would say so too, but name itself and not the client.</summary>
        private void RequireOpen()
        {
            if (handle.IsClosed)
            {
                throw new ObjectDisposedException(nameof(VoiceCallClient));
            }
        }

        private sealed class OneText : IWritten
        {
            private readonly string name;
            private readonly string value;

            internal OneText(string name, string value)
            {
                this.name = name;
                this.value = value;
            }

            string IWritten.Extra => null;

            void IWritten.Write(JsonWriter to)
            {
                to.BeginObject();
                to.Member(name, value);
                to.EndObject();
            }
        }
    }
}
