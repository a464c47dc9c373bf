using System;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Linq;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>
    /// Receives pushes: judges signatures, remembers nonces, and knows what to answer. The HTTP server is your own.
    /// </summary>
    /// <remarks>Any number of threads may use it at once. Make one and keep it, because it remembers nonces.</remarks>
    public sealed class WebhookReceiver : IDisposable
    {
        private readonly WebhookHandle handle;

        /// <summary>
        /// To check signatures it needs the registered addresses and the applications; without both it reads pushes and checks
        /// nothing.
        /// </summary>
        /// <param name="config">Settings; copied.</param>
        /// <exception cref="ArgumentNullException"><paramref name="config"/> is null.</exception>
        /// <exception cref="VoiceCallException">
        /// Of kind <see cref="ErrorKind.Configuration"/>, with the setting in <see cref="VoiceCallException.Field"/>.
        /// </exception>
        public WebhookReceiver(WebhookConfig config)
        {
            if (config == null)
            {
                throw new ArgumentNullException(nameof(config));
            }

            using (var value = Value.Of(config))
            {
                Status.Found(Native.voicecall_webhook_new(value.Handle, out handle, out var error), error);
            }
        }

        /// <summary>
        /// Receives a push. Throws for wrong arguments only: a push that is refused or cannot be read is told by what it returns.
        /// </summary>
        /// <param name="headers">The headers of the request, in any letter case and order.</param>
        /// <param name="body">The raw bytes of the request. What a parser made of them cannot be used.</param>
        /// <param name="now">The time to judge by; null: the clock's.</param>
        public Received Receive(IEnumerable<KeyValuePair<string, string>> headers, byte[] body, DateTimeOffset? now = null)
        {
            var pairs = HeaderPairs.Of(headers);
            if (body == null)
            {
                throw new ArgumentNullException(nameof(body));
            }

            using (var names = new TextList(pairs.Select(pair => pair.Key).ToArray()))
            using (var values = new TextList(pairs.Select(pair => pair.Value).ToArray()))
            {
                var status = Native.voicecall_webhook_receive(
                    handle,
                    names.Addresses,
                    values.Addresses,
                    names.Count,
                    body,
                    (UIntPtr)(uint)body.Length,
                    UnixTime.Of(now),
                    out var received,
                    out var error);
                Status.Found(status, error);
                return new Received(received, body.Length);
            }
        }

        /// <summary>The same with headers as <c>HttpListener</c> and ASP.NET on .NET Framework have them.</summary>
        /// <param name="headers">The headers of the request.</param>
        /// <param name="body">The raw bytes of the request.</param>
        /// <param name="now">The time to judge by; null: the clock's.</param>
        public Received Receive(NameValueCollection headers, byte[] body, DateTimeOffset? now = null)
        {
            return Receive(HeaderPairs.Of(headers), body, now);
        }

        /// <summary>The same with a function that looks a header up: on ASP.NET Core <c>name => request.Headers[name]</c>.</summary>
        /// <param name="headers">Takes the name of a header, in any letter case, and returns its value; null if there is none.</param>
        /// <param name="body">The raw bytes of the request.</param>
        /// <param name="now">The time to judge by; null: the clock's.</param>
        public Received Receive(Func<string, string> headers, byte[] body, DateTimeOffset? now = null)
        {
            return Receive(HeaderPairs.Of(headers), body, now);
        }

        /// <summary>Frees the receiver, as soon as nobody is receiving any more.</summary>
        public void Dispose()
        {
            handle.Dispose();
        }
    }
}
