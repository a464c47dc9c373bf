using System;
using VoiceCall.Interop;

namespace VoiceCall
{
    public sealed partial class StatusEvent : WebhookEvent
    {
        /// <summary>Why the call ended; null for an event without a state code.</summary>
        public Explanation Explain()
        {
            using (var summary = EventText.Summary(Handle, UIntPtr.Zero, null))
            {
                return Explanation.At(summary, "/explanation");
            }
        }

        internal static StatusEvent Of(EventHandle handle)
        {
            return Row.ReadAll(handle, Fields, row => new StatusEvent(row))[0];
        }
    }
}
