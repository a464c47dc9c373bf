using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
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

            var version = AbiVersion();
            if (version != Numbers.AbiVersion)
            {
                throw new DllNotFoundException(
                    "libvoicecall has the ABI version " + version + "; this assembly needs " + Numbers.AbiVersion + ".");
            }

            fits = true;
        }

        private static int AbiVersion()
        {
            var platform = RuntimeInformation.OSDescription + " (" + RuntimeInformation.ProcessArchitecture + ")";
            if (IntPtr.Size != sizeof(long))
            {
                throw new DllNotFoundException(
                    "VoiceCall needs a process of 64 bits; this one on " + platform + " has 32: set <PlatformTarget>x64</PlatformTarget>.");
            }

            try
            {
                return Native.voicecall_abi_version();
            }
            catch (Exception exception) when (exception is DllNotFoundException || exception is BadImageFormatException)
            {
                throw new DllNotFoundException(
                    "There is no native library voicecall_native for " + platform + "; beside this program there is " + Present()
                    + ". Take a package VoiceCall that has this platform, or build libvoicecall for it and lay it beside the program"
                    + " under that name.",
                    exception);
            }
        }

        /// <summary>The platforms whose libraries the program has with it.</summary>
        private static string Present()
        {
            var runtimes = Path.Combine(AppDomain.CurrentDomain.BaseDirectory, "runtimes");
            var folders = Directory.Exists(runtimes) ? Directory.GetDirectories(runtimes) : new string[0];
            return folders.Length == 0 ? "none" : string.Join(", ", folders.Select(Path.GetFileName));
        }
    }
}
