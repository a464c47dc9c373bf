using System.Collections.Generic;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>What a CDR says when its fields are taken together. What the record does not tell is null.</summary>
    public sealed class CdrSummary
    {
        internal CdrSummary(Value summary)
        {
            Scene = summary.Text("/scene");
            Answered = summary.Flag("/answered") ?? false;
            TalkSeconds = summary.Integer("/talk_seconds");
            BillableMinutes = summary.Integer("/billable_minutes");
            Price = summary.Text("/price/amount");
            Legs = summary.Items("/legs", (value, pointer) => new Leg(value, pointer));
            Explanation = Explanation.At(summary, "/explanation");
            if (summary.Has("/recording"))
            {
                Recording = new RecordingSource
                {
                    FileName = summary.Text("/recording/fileName"),
                    RecordDomain = summary.Text("/recording/recordDomain"),
                    RecordFileDownloadUrl = summary.Text("/recording/recordFileDownloadUrl"),
                };
            }
        }

        /// <summary>
        /// What kind of call it was: <c>callback</c>, <c>play</c> (nothing in a record tells notifications and verification
        /// codes apart) or <c>unknown</c>.
        /// </summary>
        public string Scene { get; }

        /// <summary>Whether the call reached the person it was for: B in a callback, else the callee.</summary>
        public bool Answered { get; }

        /// <summary>How long the parties could talk: 0 when there was no answer.</summary>
        public long? TalkSeconds { get; }

        /// <summary>The legs: A and B of a callback, else one.</summary>
        public IReadOnlyList<Leg> Legs { get; }

        /// <summary>The billable minutes of all legs. Partly inferred, see <see cref="Leg.Inferred"/>.</summary>
        public long? BillableMinutes { get; }

        /// <summary>The minutes times the price that was asked with, exact decimal text.</summary>
        public string Price { get; }

        /// <summary>Where the recording is, for <see cref="VoiceCallClient.DownloadRecording"/>. It is kept for 7 days.</summary>
        public RecordingSource Recording { get; }

        /// <summary>Why the call ended.</summary>
        public Explanation Explanation { get; }
    }
}
