using System.Collections.Generic;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>Why a call ended as it did: the code that tells most, and what the other codes add.</summary>
    public sealed class Explanation : Cause
    {
        private Explanation(Value value, string pointer) : base(value, pointer + "/cause")
        {
            Succeeded = value.Flag(pointer + "/succeeded") ?? false;
            Details = value.Items(pointer + "/details", (document, at) => new Cause(document, at));
        }

        /// <summary>The call was connected and ended normally.</summary>
        public bool Succeeded { get; }

        /// <summary>What the other codes add.</summary>
        public IReadOnlyList<Cause> Details { get; }

        /// <summary>The explanation at a pointer; null when there is none.</summary>
        internal static Explanation At(Value value, string pointer)
        {
            return value.Has(pointer) ? new Explanation(value, pointer) : null;
        }
    }
}
