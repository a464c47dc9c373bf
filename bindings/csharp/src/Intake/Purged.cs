using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>How much was deleted.</summary>
    public sealed class Purged
    {
        internal Purged(Value value)
        {
            Calls = value.Integer("/calls") ?? 0;
            Attempts = value.Integer("/attempts") ?? 0;
            Others = value.Integer("/others") ?? 0;
        }

        /// <summary>Calls, each with its events, its CDR and what contradicted them.</summary>
        public long Calls { get; }

        /// <summary>Attempts.</summary>
        public long Attempts { get; }

        /// <summary>Texts that could not be taken, and pushes that name no call.</summary>
        public long Others { get; }
    }
}
