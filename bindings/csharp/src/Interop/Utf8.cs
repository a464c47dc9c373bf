using System;
using System.Runtime.InteropServices;
using System.Text;

namespace VoiceCall.Interop
{
    /// <summary>
    /// Texts on their way in and out. <c>UnmanagedType.LPUTF8Str</c> is not used: .NET Framework before 4.7 reads it as
    /// another encoding or not at all, and it turns half a surrogate pair into a question mark without a word.
    /// </summary>
    internal static unsafe class Utf8
    {
        /// <summary>Refuses texts that are not Unicode with an <see cref="ArgumentException"/>.</summary>
        internal static readonly Encoding Strict = new UTF8Encoding(false, true);

        /// <summary>The bytes with a NUL behind them; null for null.</summary>
        internal static byte[] Terminated(string text)
        {
            if (text == null)
            {
                return null;
            }

            if (text.IndexOf('\0') >= 0)
            {
                throw new ArgumentException("A NUL cannot stand here.");
            }

            var bytes = new byte[Strict.GetByteCount(text) + 1];
            Strict.GetBytes(text, 0, text.Length, bytes, 0);
            return bytes;
        }

        /// <summary>The text at an address, up to its NUL; null at no address.</summary>
        internal static string Text(IntPtr address)
        {
            if (address == IntPtr.Zero)
            {
                return null;
            }

            var length = 0;
            for (var at = (byte*)address; at[length] != 0; length++)
            {
            }

            return Text((byte*)address, length);
        }

        internal static string Text(IntPtr address, UIntPtr length)
        {
            return address == IntPtr.Zero ? null : Text((byte*)address, checked((int)length));
        }

        internal static string Text(byte* address, int length)
        {
            return length == 0 ? string.Empty : Encoding.UTF8.GetString(address, length);
        }

        /// <summary>Texts that the library reads as long as the program lives: never freed.</summary>
        internal static IntPtr[] Table(params string[] texts)
        {
            var table = new IntPtr[texts.Length];
            for (var i = 0; i < texts.Length; i++)
            {
                var bytes = Terminated(texts[i]);
                table[i] = Marshal.AllocHGlobal(bytes.Length);
                Marshal.Copy(bytes, 0, table[i], bytes.Length);
            }

            return table;
        }
    }
}
