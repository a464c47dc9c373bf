using System.Collections.Generic;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>A page of calls.</summary>
    public sealed class CallPage
    {
        internal CallPage(Value value)
        {
            Calls = value.Items("/calls", (document, at) => new Call(document, at));
            Next = value.Text("/next");
        }

        /// <summary>The calls, the latest first.</summary>
        public IReadOnlyList<Call> Calls { get; }

        /// <summary><see cref="CallFilter.After"/> for the next page; null on the last.</summary>
        public string Next { get; }
    }
}
