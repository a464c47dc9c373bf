using System;

namespace VoiceCall.Interop
{
    /// <summary>Lengths of time as the library takes them.</summary>
    internal static class Milliseconds
    {
        /// <summary>A started millisecond counts: the library takes 0 for "not set", so nothing may be rounded to it.</summary>
        internal static long Of(TimeSpan time)
        {
            return (time.Ticks / TimeSpan.TicksPerMillisecond) + (time.Ticks % TimeSpan.TicksPerMillisecond > 0 ? 1 : 0);
        }

        /// <summary>The longest time for one call; 0 for the client's own.</summary>
        internal static long OfCall(TimeSpan? timeout)
        {
            if (timeout.HasValue && timeout.Value <= TimeSpan.Zero)
            {
                throw new ArgumentOutOfRangeException(nameof(timeout), "A time-out is longer than nothing; null is the client's.");
            }

            return timeout.HasValue ? Of(timeout.Value) : 0;
        }
    }
}
