using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace VoiceCall.Interop
{
    /// <summary>A list of texts for the length of one call, as an array of addresses.</summary>
    internal sealed class TextList : IDisposable
    {
        private readonly GCHandle pinned;

        internal TextList(IReadOnlyList<string> texts)
        {
            // What is no Unicode is replaced: it comes from a stranger's headers, and must not throw.
            var all = new StringBuilder();
            foreach (var text in texts)
            {
                all.Append((text ?? string.Empty).Replace('\0', '\uFFFD')).Append('\0');
            }

            var bytes = Encoding.UTF8.GetBytes(all.ToString());
            pinned = GCHandle.Alloc(bytes, GCHandleType.Pinned);
            Addresses = new IntPtr[texts.Count];
            var start = pinned.AddrOfPinnedObject();
            for (int i = 0, at = 0; i < Addresses.Length; i++, at++)
            {
                Addresses[i] = start + at;
                at = Array.IndexOf(bytes, (byte)0, at);
            }
        }

        internal IntPtr[] Addresses { get; }

        internal UIntPtr Count => (UIntPtr)(uint)Addresses.Length;

        public void Dispose()
        {
            pinned.Free();
        }
    }
}
