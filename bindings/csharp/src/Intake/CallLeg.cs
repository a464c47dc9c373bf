using System;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>One leg of a call as far as its story goes. What is not known is null.</summary>
    public sealed class CallLeg
    {
        internal CallLeg(Value value, string at)
        {
            Name = value.Text(at + "/leg");
            Number = value.Text(at + "/number");
            DisplayNumber = value.Text(at + "/display_number");
            State = value.Text(at + "/state");
            CallingAt = Call.Time(value, at + "/calling_at");
            RingingAt = Call.Time(value, at + "/ringing_at");
            AnsweredAt = Call.Time(value, at + "/answered_at");
            TalkSeconds = value.Integer(at + "/talk_seconds");
            BillableMinutes = value.Integer(at + "/billable_minutes");
        }

        /// <summary><c>a</c> is the first leg, or the only one; <c>b</c> the second leg of a callback.</summary>
        public string Name { get; }

        /// <summary>The called number, as the store keeps it. Personal data.</summary>
        public string Number { get; }

        /// <summary>The number shown there.</summary>
        public string DisplayNumber { get; }

        /// <summary>How far this leg has come.</summary>
        public string State { get; }

        /// <summary>When the platform began to call.</summary>
        public DateTimeOffset? CallingAt { get; }

        /// <summary>When the phone rang.</summary>
        public DateTimeOffset? RingingAt { get; }

        /// <summary>When it was answered.</summary>
        public DateTimeOffset? AnsweredAt { get; }

        /// <summary>Seconds from the answer to the end; known from the CDR.</summary>
        public long? TalkSeconds { get; }

        /// <summary>Whole minutes, each started one counted; known from the CDR.</summary>
        public long? BillableMinutes { get; }
    }
}
