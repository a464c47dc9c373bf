using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>A push of a kind that this version does not know. Store and acknowledge it like any other.</summary>
    public sealed class UnknownEvent : WebhookEvent
    {
        internal UnknownEvent(EventHandle handle) : base(handle)
        {
        }
    }
}
