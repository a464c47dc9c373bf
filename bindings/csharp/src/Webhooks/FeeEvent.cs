using System.Collections.Generic;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>
    /// Call detail records (CDRs, 话单) of finished calls. A record that cannot be read is told in <see cref="Rejected"/> and
    /// never costs its neighbours.
    /// </summary>
    public sealed class FeeEvent : WebhookEvent
    {
        internal FeeEvent(EventHandle handle) : base(handle)
        {
            Cdrs = Cdr.AllOf(handle);
        }

        /// <summary>The records that could be read, in the order of the message.</summary>
        public IReadOnlyList<Cdr> Cdrs { get; }

        /// <summary>The records that could not be read. Acknowledge the push all the same, and store them: they are CDRs too.</summary>
        public IReadOnlyList<RejectedRecord> Rejected
        {
            get
            {
                Status.Found(Native.voicecall_event_rejected(Handle, out var rejected, out var error), error);
                using (var list = new Value(rejected))
                {
                    return list.Items(string.Empty, (value, pointer) => new RejectedRecord(value, pointer));
                }
            }
        }
    }
}
