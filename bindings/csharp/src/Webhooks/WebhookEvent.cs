using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>
    /// What a push of the platform says: a <see cref="StatusEvent"/>, a <see cref="FeeEvent"/>, or an
    /// <see cref="UnknownEvent"/>. Never changes; any number of threads may read it.
    /// </summary>
    public abstract class WebhookEvent
    {
        internal WebhookEvent(EventHandle handle)
        {
            Handle = handle;
            TypeName = Utf8.Text(Native.voicecall_event_type(handle));
            Type = Words.EventTypeOf(TypeName);
        }

        internal WebhookEvent(Row row) : this(row.Event)
        {
        }

        /// <summary>What happened; <see cref="EventType.Unknown"/> for what this version does not know.</summary>
        public EventType Type { get; }

        /// <summary>The same as the platform names it, e.g. <c>disconnect</c> or <c>fee</c>.</summary>
        public string TypeName { get; }

        /// <summary>The JSON text of the message, as it came: what to store. Holds personal data.</summary>
        public string Raw => EventText.Raw(Handle, EventText.WholeMessage);

        internal EventHandle Handle { get; }

        /// <summary>
        /// The message as JSON under wire names: whole numbers as numbers, times in RFC 3339, undocumented fields as they came,
        /// absent ones left out. Holds personal data.
        /// </summary>
        public string ToJson()
        {
            return EventText.Json(Handle, EventText.WholeMessage);
        }

        /// <summary>The event of a handle, which it takes over.</summary>
        internal static WebhookEvent Of(EventHandle handle, long weight)
        {
            handle.Weighs(weight);
            switch (Native.voicecall_event_kind(handle))
            {
                case Numbers.EventStatus: return StatusEvent.Of(handle);
                case Numbers.EventFee: return new FeeEvent(handle);
                default: return new UnknownEvent(handle);
            }
        }
    }
}
