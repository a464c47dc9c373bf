using System;

namespace VoiceCall.Interop
{
    /// <summary>What a function of the library returned.</summary>
    internal static class Status
    {
        /// <summary>True on success, false when there is no such value; throws what went wrong.</summary>
        internal static bool Found(int status, IntPtr error)
        {
            switch (status)
            {
                case Numbers.Ok: return true;
                case Numbers.Absent: return false;
                default: throw VoiceCallException.Take(status, error);
            }
        }
    }
}
