using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>One leg of a call: the platform and one phone. What the record does not tell is null.</summary>
    public sealed class Leg
    {
        internal Leg(Value value, string pointer)
        {
            Name = value.Text(pointer + "/leg");
            Number = value.Text(pointer + "/number");
            DisplayNumber = value.Text(pointer + "/display_number");
            Answered = value.Flag(pointer + "/answered") ?? false;
            TalkSeconds = value.Integer(pointer + "/talk_seconds");
            BillableMinutes = value.Integer(pointer + "/billable_minutes");
            Inferred = value.Flag(pointer + "/inferred") ?? true;
        }

        /// <summary><c>a</c> is the first leg, or the only one; <c>b</c> the second leg of a callback.</summary>
        public string Name { get; }

        /// <summary>The called number. Personal data.</summary>
        public string Number { get; }

        /// <summary>The number shown to the called party.</summary>
        public string DisplayNumber { get; }

        /// <summary>Whether it was answered.</summary>
        public bool Answered { get; }

        /// <summary>Seconds from the answer to the end of the call: 0 when unanswered.</summary>
        public long? TalkSeconds { get; }

        /// <summary>Whole minutes, each started minute counted.</summary>
        public long? BillableMinutes { get; }

        /// <summary>Whether the start of this leg's billing is inferred. The bill decides.</summary>
        public bool Inferred { get; }
    }
}
