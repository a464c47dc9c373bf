using System.Collections.Generic;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>What to answer to a push.</summary>
    public sealed class Reply
    {
        internal Reply(Value value)
        {
            Status = (int)(value.Integer("/status") ?? 500);
            Headers = value.Texts("/headers");
            Body = value.Text("/body") ?? string.Empty;
        }

        /// <summary>HTTP status.</summary>
        public int Status { get; }

        /// <summary>HTTP headers.</summary>
        public IReadOnlyDictionary<string, string> Headers { get; }

        /// <summary>JSON text, or empty.</summary>
        public string Body { get; }
    }
}
