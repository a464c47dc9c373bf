using System;
using System.Collections.Generic;

namespace VoiceCall.Interop
{
    /// <summary>A JSON document of the library. Places in it are JSON pointers, e.g. <c>/explanation/code</c>.</summary>
    internal sealed class Value : IDisposable
    {
        private static readonly byte[] Root = { 0 };

        /// <summary>The whole document as text, where the library gave it along.</summary>
        private readonly string printed;

        internal Value(ValueHandle handle, string printed = null)
        {
            Handle = handle;
            this.printed = printed;
        }

        internal ValueHandle Handle { get; }

        public void Dispose()
        {
            Handle.Dispose();
        }

        internal static Value Parse(string json)
        {
            using (var text = JsonWriter.Of(json))
            {
                return Parse(text);
            }
        }

        internal static Value Parse(JsonWriter json)
        {
            Library.Require();
            Status.Found(Native.voicecall_value_parse(json.Bytes, json.Length, out var handle, out var error), error);
            return new Value(handle);
        }

        internal static Value Of(IWritten structure)
        {
            using (var json = JsonWriter.Of(structure))
            {
                return Parse(json);
            }
        }

        /// <summary>The text at a pointer; null when there is nothing, or null.</summary>
        internal string Text(byte[] pointer)
        {
            var found = Native.voicecall_value_get_text(Handle, pointer, out var text, out var length, out var error);
            return Status.Found(found, error) ? Utf8.Text(text, length) : null;
        }

        internal string Text(string pointer)
        {
            return Text(Utf8.Terminated(pointer));
        }

        internal long? Integer(byte[] pointer)
        {
            var found = Native.voicecall_value_get_integer(Handle, pointer, out var integer, out var error);
            return Status.Found(found, error) ? (long?)integer : null;
        }

        internal long? Integer(string pointer)
        {
            return Integer(Utf8.Terminated(pointer));
        }

        internal bool? Flag(string pointer)
        {
            var found = Native.voicecall_value_get_flag(Handle, Utf8.Terminated(pointer), out var flag, out var error);
            return Status.Found(found, error) ? (bool?)flag : null;
        }

        /// <summary>Whether anything but null is there.</summary>
        internal bool Has(string pointer)
        {
            var found = Native.voicecall_value_type(Handle, Utf8.Terminated(pointer), out var type, out var error);
            return Status.Found(found, error) && type != Numbers.TypeNull;
        }

        /// <summary>Number of items or members; 0 when there is nothing, or null.</summary>
        internal int Length(string pointer)
        {
            var found = Native.voicecall_value_length(Handle, Utf8.Terminated(pointer), out var length, out var error);
            return Status.Found(found, error) ? checked((int)length) : 0;
        }

        /// <summary>Makes something of every item of a list; <paramref name="item"/> gets the item's pointer.</summary>
        internal IReadOnlyList<T> Items<T>(string pointer, Func<Value, string, T> item)
        {
            var items = new T[Length(pointer)];
            for (var i = 0; i < items.Length; i++)
            {
                items[i] = item(this, pointer + "/" + i);
            }

            return items;
        }

        /// <summary>The members of an object of texts.</summary>
        internal IReadOnlyDictionary<string, string> Texts(string pointer)
        {
            var texts = new Dictionary<string, string>();
            for (var i = 0; Key(pointer, i) is string key; i++)
            {
                texts[key] = Text(pointer + "/" + key.Replace("~", "~0").Replace("/", "~1"));
            }

            return texts;
        }

        /// <summary>The whole document as compact JSON.</summary>
        internal string Json()
        {
            return printed ?? Json(Root);
        }

        /// <summary>What is at a pointer as compact JSON; null when there is nothing.</summary>
        internal string Json(string pointer)
        {
            return Json(Utf8.Terminated(pointer));
        }

        private string Json(byte[] pointer)
        {
            var found = Native.voicecall_value_print(Handle, pointer, out var json, out var length, out var error);
            return Status.Found(found, error) ? Utf8.Text(json, length) : null;
        }

        /// <summary>Puts JSON text at a pointer.</summary>
        internal void SetJson(byte[] pointer, string json)
        {
            var bytes = Utf8.Strict.GetBytes(json);
            var status = Native.voicecall_value_set_json(Handle, pointer, bytes, (UIntPtr)(uint)bytes.Length, out var error);
            Status.Found(status, error);
        }

        private string Key(string pointer, int index)
        {
            var found = Native.voicecall_value_key(
                Handle, Utf8.Terminated(pointer), (UIntPtr)(uint)index, out var key, out var length, out var error);
            return Status.Found(found, error) ? Utf8.Text(key, length) : null;
        }
    }
}
