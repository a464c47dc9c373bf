using System.Collections.Generic;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>
    /// A push that was received: the verdict on its signature, what it says, and what to answer. Never changes; any number of
    /// threads may read it.
    /// </summary>
    public sealed class Received
    {
        private readonly ReceivedHandle handle;

        internal Received(ReceivedHandle handle, long weight)
        {
            this.handle = handle;
            handle.Weighs(weight);
            try
            {
                Status.Found(Native.voicecall_received_event(handle, out var received, out var error), error);
                Events = new[] { WebhookEvent.Of(received, weight) };
            }
            catch (VoiceCallException exception)
            {
                Events = new WebhookEvent[0];
                Error = exception;
            }
        }

        /// <summary>What the push says: one event, or none when it was refused or cannot be read.</summary>
        public IReadOnlyList<WebhookEvent> Events { get; }

        /// <summary>
        /// Why there is no event: kind <see cref="ErrorKind.Signature"/> or <see cref="ErrorKind.MalformedWebhook"/>. Keep the raw
        /// body then. Null when there is one.
        /// </summary>
        public VoiceCallException Error { get; }

        /// <summary>What the check of the signature found.</summary>
        public Verdict Verdict
        {
            get
            {
                Status.Found(Native.voicecall_received_verdict(handle, out var verdict, out var error), error);
                using (var value = new Value(verdict))
                {
                    return new Verdict(value);
                }
            }
        }

        /// <summary>What to answer.</summary>
        /// <param name="stored">
        /// Whether the event is now where it will not be lost. If not, it is answered so that the platform sends CDRs again; status
        /// events it never does.
        /// </param>
        public Reply Reply(bool stored = true)
        {
            Status.Found(Native.voicecall_received_reply(handle, stored, out var reply, out var error), error);
            using (var value = new Value(reply))
            {
                return new Reply(value);
            }
        }
    }
}
