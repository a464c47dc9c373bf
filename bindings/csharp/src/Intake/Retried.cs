using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>What became of texts that could not be taken before.</summary>
    public sealed class Retried
    {
        internal Retried(Value value)
        {
            Taken = value.Integer("/taken") ?? 0;
            Left = value.Integer("/left") ?? 0;
            Accepted = value.Integer("/accepted") ?? 0;
            Duplicates = value.Integer("/duplicates") ?? 0;
            Conflicts = value.Integer("/conflicts") ?? 0;
        }

        /// <summary>Texts of which everything is in the store now; they are no longer among the rejected.</summary>
        public long Taken { get; }

        /// <summary>Texts that stay where they are.</summary>
        public long Left { get; }

        /// <summary>Events and CDRs that were new.</summary>
        public long Accepted { get; }

        /// <summary>Those that were known; conflicts are among them.</summary>
        public long Duplicates { get; }

        /// <summary>Those that contradict what is known. They are kept beside it.</summary>
        public long Conflicts { get; }
    }
}
