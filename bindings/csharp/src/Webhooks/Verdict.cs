using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>What the check of a push's signature found. What does not apply is null.</summary>
    public sealed class Verdict
    {
        internal Verdict(Value value, string at = "")
        {
            Name = value.Text(at + "/verdict");
            AppKey = value.Text(at + "/app_key");
            Url = value.Text(at + "/url");
            Form = Words.DigestFormOf(value.Text(at + "/form"));
            Zone = Words.CreatedZoneOf(value.Text(at + "/zone"));
            SecretIndex = value.Integer(at + "/secret_index");
            IsRepeated = value.Flag(at + "/repeated") ?? false;
            Reason = value.Text(at + "/reason");
            Message = value.Text(at + "/message");
            Hint = value.Text(at + "/hint");
            AgeSeconds = value.Integer(at + "/age_seconds");
        }

        /// <summary>
        /// <c>valid</c>, <c>unsigned</c> (and none is required), <c>not_checked</c> or <c>refused</c>. A signature does not cover
        /// the body: check that the session id is that of a call that was placed.
        /// </summary>
        public string Name { get; }

        /// <summary>Whether the signature holds.</summary>
        public bool IsValid => Name == "valid";

        /// <summary>Whether the push is not accepted.</summary>
        public bool IsRefused => Name == "refused";

        /// <summary>Of a valid one: key of the application that signed.</summary>
        public string AppKey { get; }

        /// <summary>Of a valid one: the registered address that the signature covers.</summary>
        public string Url { get; }

        /// <summary>Of a valid one: what the digest was made over.</summary>
        public DigestForm? Form { get; }

        /// <summary>Of a valid one: the zone in which its time is recent; null when in neither.</summary>
        public CreatedZone? Zone { get; }

        /// <summary>Of a valid one: which of the application's secrets it was made with; 0 for the one that was set first.</summary>
        public long? SecretIndex { get; }

        /// <summary>
        /// Of a valid one: whether the same push was received before, byte for byte. Its event is handed over again, because the
        /// first time may have come to nothing.
        /// </summary>
        public bool IsRepeated { get; }

        /// <summary>
        /// Of a refused one: <c>missing_header</c>, <c>unreadable_header</c>, <c>unknown_application</c>, <c>digest_mismatch</c>,
        /// <c>stale</c> or <c>replayed</c>.
        /// </summary>
        public string Reason { get; }

        /// <summary>The same as a sentence, with the usual cause. Names no digest.</summary>
        public string Message { get; }

        /// <summary>What is nearly right: <c>trailing_slash</c> or <c>other_application</c>.</summary>
        public string Hint { get; }

        /// <summary>Of a stale one: how far the signature's time is behind the clock; negative when ahead.</summary>
        public long? AgeSeconds { get; }
    }
}
