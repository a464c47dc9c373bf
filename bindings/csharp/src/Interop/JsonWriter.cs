using System;
using System.Collections.Generic;
using System.Globalization;

namespace VoiceCall.Interop
{
    /// <summary>Writes what is set of a structure as JSON in UTF-8. Its memory is wiped afterwards: it may hold secrets.</summary>
    internal sealed class JsonWriter : IDisposable
    {
        private const string Hexadecimal = "0123456789abcdef";

        private static readonly byte[] ExtraPointer = Utf8.Terminated("/extra");

        private byte[] bytes = new byte[1024];
        private int length;

        internal byte[] Bytes => bytes;

        internal UIntPtr Length => (UIntPtr)(uint)length;

        /// <summary>The text of a structure.</summary>
        internal static JsonWriter Of(IWritten structure)
        {
            var json = new JsonWriter();
            try
            {
                structure.Write(json);
                if (structure.Extra != null)
                {
                    json.Extend(structure.Extra);
                }

                return json;
            }
            catch
            {
                json.Dispose();
                throw;
            }
        }

        /// <summary>What is JSON text already.</summary>
        internal static JsonWriter Of(string json)
        {
            var writer = new JsonWriter();
            writer.Replace(json);
            return writer;
        }

        public void Dispose()
        {
            Array.Clear(bytes, 0, length);
            length = 0;
        }

        internal void BeginObject()
        {
            Add((byte)'{');
        }

        internal void EndObject()
        {
            End((byte)'}');
        }

        internal void Member(string name, string value)
        {
            if (value != null)
            {
                Name(name);
                Text(value);
                Add((byte)',');
            }
        }

        internal void Member(string name, long? value)
        {
            if (value.HasValue)
            {
                Name(name);
                Plain(value.Value.ToString(CultureInfo.InvariantCulture));
            }
        }

        internal void Member(string name, bool? value)
        {
            if (value.HasValue)
            {
                Name(name);
                Plain(value.Value ? "true" : "false");
            }
        }

        /// <summary>A length of time in milliseconds; a started one counts.</summary>
        internal void Member(string name, TimeSpan? value)
        {
            Member(name, value.HasValue ? (long?)Milliseconds.Of(value.Value) : null);
        }

        internal void Member(string name, IList<string> values)
        {
            List(name, values, Text);
        }

        internal void Member<T>(string name, IList<T> values)
            where T : class, IWritten
        {
            List(name, values, value => value.Write(this));
        }

        internal void Member(string name, IWritten value)
        {
            if (value != null)
            {
                Name(name);
                value.Write(this);
                Add((byte)',');
            }
        }

        /// <summary>Adds members that are text: read as JSON of their own, so that they cannot reach what stands around them.</summary>
        private void Extend(string extra)
        {
            using (var value = Value.Parse(this))
            {
                value.SetJson(ExtraPointer, extra);
                Replace(value.Json());
            }
        }

        private void Replace(string json)
        {
            Dispose();
            Reserve(Utf8.Strict.GetByteCount(json));
            length = Utf8.Strict.GetBytes(json, 0, json.Length, bytes, 0);
        }

        private void List<T>(string name, IList<T> values, Action<T> write)
            where T : class
        {
            if (values == null)
            {
                return;
            }

            Name(name);
            Add((byte)'[');
            foreach (var value in values)
            {
                if (value == null)
                {
                    // The library tells which item it is.
                    Plain("null");
                    continue;
                }

                write(value);
                Add((byte)',');
            }

            End((byte)']');
            Add((byte)',');
        }

        private void Name(string name)
        {
            Text(name);
            Add((byte)':');
        }

        private void Plain(string text)
        {
            foreach (var c in text)
            {
                Add((byte)c);
            }

            Add((byte)',');
        }

        private void Text(string text)
        {
            Reserve(text.Length + 2);
            bytes[length++] = (byte)'"';
            for (var i = 0; i < text.Length; i++)
            {
                var c = text[i];
                if (c >= 0x80)
                {
                    i = Beyond(text, i) - 1;
                    Reserve(text.Length - i + 1);
                }
                else if (c < ' ' || c == '"' || c == '\\')
                {
                    Escaped(c);
                    Reserve(text.Length - i + 1);
                }
                else
                {
                    // There is room for all that is left, if it needs a byte a character.
                    bytes[length++] = (byte)c;
                }
            }

            bytes[length++] = (byte)'"';
        }

        /// <summary>Adds the characters beyond ASCII from here on; returns where they end.</summary>
        private int Beyond(string text, int start)
        {
            var end = start;
            while (end < text.Length && text[end] >= 0x80)
            {
                end++;
            }

            Reserve(Utf8.Strict.GetMaxByteCount(end - start));
            length += Utf8.Strict.GetBytes(text, start, end - start, bytes, length);
            return end;
        }

        private void Escaped(char c)
        {
            Add((byte)'\\');
            if (c >= ' ')
            {
                Add((byte)c);
                return;
            }

            Add((byte)'u');
            Add((byte)'0');
            Add((byte)'0');
            Add((byte)Hexadecimal[c >> 4]);
            Add((byte)Hexadecimal[c & 15]);
        }

        /// <summary>Closes a list or an object; what stands in it ends with a comma.</summary>
        private void End(byte mark)
        {
            if (bytes[length - 1] == (byte)',')
            {
                length--;
            }

            Add(mark);
        }

        private void Add(byte value)
        {
            Reserve(1);
            bytes[length++] = value;
        }

        private void Reserve(int count)
        {
            if (length + count <= bytes.Length)
            {
                return;
            }

            var larger = new byte[Math.Max(2 * bytes.Length, length + count)];
            Buffer.BlockCopy(bytes, 0, larger, 0, length);
            Array.Clear(bytes, 0, length);
            bytes = larger;
        }
    }
}
