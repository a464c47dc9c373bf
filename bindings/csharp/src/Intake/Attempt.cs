using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>A call that is about to be placed, registered under a mark.</summary>
    public sealed class Attempt
    {
        internal Attempt(Value value)
        {
            Tag = value.Text("/attemptTag");
            UserData = value.Text("/request/userData");
        }

        /// <summary>The mark by which the call's webhooks recognise it.</summary>
        public string Tag { get; }

        /// <summary>
        /// The user data to place the request with: its own, and the mark. With a client without <see cref="Config.AttemptTag"/>.
        /// </summary>
        public string UserData { get; }
    }
}
