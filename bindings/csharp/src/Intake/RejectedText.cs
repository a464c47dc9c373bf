using System;
using System.Text;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>
    /// A text that came and could not be taken. What it holds is nobody's promise: personal data, and whatever else somebody sent.
    /// </summary>
    public sealed class RejectedText
    {
        internal RejectedText(Value value, string at)
        {
            Id = value.Integer(at + "/id") ?? 0;
            Class = value.Text(at + "/class");
            ReceivedAt = Call.Time(value, at + "/received_at");
            Position = (int?)value.Integer(at + "/position");
            Field = value.Text(at + "/field");
            Reason = value.Text(at + "/reason");
            Verdict = value.Text(at + "/verdict");
            Size = value.Integer(at + "/size") ?? 0;
            var text = value.Text(at + "/raw");
            Raw = text != null
                ? Encoding.UTF8.GetBytes(text)
                : Convert.FromBase64String(value.Text(at + "/raw_base64") ?? string.Empty);
        }

        /// <summary>By which <see cref="Intake.AdmitRejected"/> takes it in.</summary>
        public long Id { get; }

        /// <summary>
        /// Why it was not taken: <c>record</c> (a record of a CDR push that cannot be read), <c>malformed</c> (a body that is no
        /// push) or <c>refused</c> (the policy refused its signature).
        /// </summary>
        public string Class { get; }

        /// <summary>When it came first.</summary>
        public DateTimeOffset? ReceivedAt { get; }

        /// <summary>Its position in its CDR push; null for a whole body.</summary>
        public int? Position { get; }

        /// <summary>The field at fault, as a JSON pointer into the push; null where none is.</summary>
        public string Field { get; }

        /// <summary>What is wrong with it. Quotes nothing of it.</summary>
        public string Reason { get; }

        /// <summary>The verdict on the signature: <c>valid</c>, <c>unsigned</c>, <c>not_checked</c> or <c>refused</c>.</summary>
        public string Verdict { get; }

        /// <summary>Bytes that came; more than in <see cref="Raw"/> where it was too long to be kept whole.</summary>
        public long Size { get; }

        /// <summary>What is kept of it.</summary>
        public byte[] Raw { get; }
    }
}
