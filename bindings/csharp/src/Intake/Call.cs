using System;
using System.Collections.Generic;
using System.Globalization;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>Everything that is known about one call. What is not known is null.</summary>
    public sealed class Call
    {
        internal Call(Value value, string at)
        {
            SessionId = value.Text(at + "/session_id");
            AttemptTag = value.Text(at + "/attempt_tag");
            State = value.Text(at + "/state");
            Scene = value.Text(at + "/scene");
            Operation = value.Text(at + "/operation");
            AppKey = value.Text(at + "/app_key");
            UserData = value.Text(at + "/user_data");
            PlacedAt = Time(value, at + "/placed_at");
            Answered = value.Flag(at + "/answered") ?? false;
            TalkSeconds = value.Integer(at + "/talk_seconds");
            BillableMinutes = value.Integer(at + "/billable_minutes");
            Inferred = value.Flag(at + "/inferred") ?? false;
            Legs = value.Items(at + "/legs", (document, pointer) => new CallLeg(document, pointer));
            Digits = value.Items(at + "/digits", (document, pointer) => document.Text(pointer + "/keys"));
            IsOver = value.Has(at + "/ending");
            EndedAt = Time(value, at + "/ending/at");
            HungUp = value.Text(at + "/ending/hung_up");
            Explanation = Explanation.At(value, at + "/ending/explanation");
            Conflicts = value.Integer(at + "/conflicts") ?? 0;
            Json = value.Json(at);
        }

        /// <summary>Identifies the call. Null for an attempt whose outcome is unknown: nothing has named it yet.</summary>
        public string SessionId { get; }

        /// <summary>The mark by which the attempt is recognised, if it had one.</summary>
        public string AttemptTag { get; }

        /// <summary>
        /// How far the call has come: <c>attempted</c>, <c>placed</c>, <c>calling</c>, <c>ringing</c>, <c>answered</c>,
        /// <c>ended</c> or <c>billed</c>.
        /// </summary>
        public string State { get; }

        /// <summary>What kind of call it is: <c>callback</c>, <c>play</c> or <c>unknown</c>.</summary>
        public string Scene { get; }

        /// <summary>The operation that placed it; known only if the placing was registered.</summary>
        public string Operation { get; }

        /// <summary>Key of the application; known from the CDR.</summary>
        public string AppKey { get; }

        /// <summary>The request's user data, without the attempt tag.</summary>
        public string UserData { get; }

        /// <summary>When it was placed; known only if the placing was registered.</summary>
        public DateTimeOffset? PlacedAt { get; }

        /// <summary>Whether it reached the person it was for: B of a callback, else the callee.</summary>
        public bool Answered { get; }

        /// <summary>How long the parties could talk; known from the CDR.</summary>
        public long? TalkSeconds { get; }

        /// <summary>The billable minutes of all legs; known from the CDR.</summary>
        public long? BillableMinutes { get; }

        /// <summary>Whether the minutes are inferred. The bill decides.</summary>
        public bool Inferred { get; }

        /// <summary>The legs: A and B of a callback, else one.</summary>
        public IReadOnlyList<CallLeg> Legs { get; }

        /// <summary>The keys that were pressed, in order of time.</summary>
        public IReadOnlyList<string> Digits { get; }

        /// <summary>Whether it has ended.</summary>
        public bool IsOver { get; }

        /// <summary>When it ended.</summary>
        public DateTimeOffset? EndedAt { get; }

        /// <summary>The leg that hung up first, <c>a</c> or <c>b</c>. Inferred.</summary>
        public string HungUp { get; }

        /// <summary>Why it ended, and what to do.</summary>
        public Explanation Explanation { get; }

        /// <summary>How many pushes contradict another about the same thing. They are kept, and do not count.</summary>
        public long Conflicts { get; }

        /// <summary>
        /// Everything as JSON, with its timeline and its CDRs; see <c>call</c> of <c>voicecall_intake_perform()</c>. Holds personal
        /// data.
        /// </summary>
        public string Json { get; }

        internal static DateTimeOffset? Time(Value value, string at)
        {
            var text = value.Text(at);
            return text == null
                ? (DateTimeOffset?)null
                : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        }
    }
}
