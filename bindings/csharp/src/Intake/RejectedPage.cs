using System.Collections.Generic;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>A page of texts that could not be taken.</summary>
    public sealed class RejectedPage
    {
        internal RejectedPage(Value value)
        {
            Texts = value.Items("/texts", (document, at) => new RejectedText(document, at));
            Next = value.Text("/next");
        }

        /// <summary>The texts, the oldest first.</summary>
        public IReadOnlyList<RejectedText> Texts { get; }

        /// <summary>The mark to go on behind, for the next page; null on the last.</summary>
        public string Next { get; }
    }
}
