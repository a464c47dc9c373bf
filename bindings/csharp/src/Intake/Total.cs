using System.Collections.Generic;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>What CDRs add up to.</summary>
    public sealed class Total
    {
        internal Total(Value value, string at, IEnumerable<string> by)
        {
            var group = new Dictionary<string, string>();
            foreach (var name in by)
            {
                group[name] = value.Text(at + "/" + name);
            }

            Group = group;
            Calls = value.Integer(at + "/calls") ?? 0;
            Answered = value.Integer(at + "/answered") ?? 0;
            TalkSeconds = value.Integer(at + "/talk_seconds") ?? 0;
            BillableMinutes = value.Integer(at + "/billable_minutes") ?? 0;
            Inferred = value.Flag(at + "/inferred") ?? false;
            WithoutMinutes = value.Integer(at + "/without_minutes") ?? 0;
            Price = value.Text(at + "/price/amount");
        }

        /// <summary>What was asked to be grouped by, with its value; null where the records do not tell.</summary>
        public IReadOnlyDictionary<string, string> Group { get; }

        /// <summary>Calls with a CDR.</summary>
        public long Calls { get; }

        /// <summary>Of these, those that reached the person they were for.</summary>
        public long Answered { get; }

        /// <summary>Seconds that parties could talk.</summary>
        public long TalkSeconds { get; }

        /// <summary>Billable minutes of all legs.</summary>
        public long BillableMinutes { get; }

        /// <summary>Whether any of the minutes are inferred. The bill decides.</summary>
        public bool Inferred { get; }

        /// <summary>Calls whose record does not tell the minutes; they are not in the sums.</summary>
        public long WithoutMinutes { get; }

        /// <summary>The minutes times the price that was asked with, exact decimal text; null without one.</summary>
        public string Price { get; }
    }
}
