using System;

namespace VoiceCall.Interop
{
    /// <summary>Times as the library takes them.</summary>
    internal static class UnixTime
    {
        /// <summary>VOICECALL_NOW: the clock's.</summary>
        private const long Now = long.MinValue;

        internal static long Of(DateTimeOffset? time)
        {
            return time.HasValue ? time.Value.ToUnixTimeSeconds() : Now;
        }
    }
}
