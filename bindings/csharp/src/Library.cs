using System;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>The native library behind everything here.</summary>
    public static class Library
    {
        private static bool fits;

        /// <summary>Its version, e.g. <c>0.1.0</c>.</summary>
        public static string Version => Utf8.Text(Native.voicecall_version());

        /// <summary>Functions of another ABI version may take other arguments: calling them could end the process.</summary>
        internal static void Require()
        {
            if (fits)
            {
                return;
            }

            var version = Native.voicecall_abi_version();
            if (version != Numbers.AbiVersion)
            {
                throw new DllNotFoundException(
                    "libvoicecall has the ABI version " + version + "; this assembly needs " + Numbers.AbiVersion + ".");
            }

            fits = true;
        }
    }
}
