using System.Collections.Generic;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>What to answer to a push.</summary>
    public sealed class Reply
    {
        internal Reply(Value value, string at = "")
        {
            Status = (int)(value.Integer(at + "/status") ?? 500);
            Headers = value.Texts(at + "/headers");
            Body = value.Text(at + "/body") ?? string.Empty;
        }

        /// <summary>HTTP status.</summary>
        public int Status { get; }

        /// <summary>HTTP headers.</summary>
        public IReadOnlyDictionary<string, string> Headers { get; }

        /// <summary>JSON text, or empty.</summary>
        public string Body { get; }
    }
}
