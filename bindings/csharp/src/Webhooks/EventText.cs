using System;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>The texts of a message and of its records.</summary>
    internal static class EventText
    {
        /// <summary>VOICECALL_WHOLE_MESSAGE: SIZE_MAX, whatever its size is here.</summary>
        internal static readonly UIntPtr WholeMessage = UIntPtr.Size == 8 ? (UIntPtr)ulong.MaxValue : (UIntPtr)uint.MaxValue;

        internal static string Raw(EventHandle of, UIntPtr record)
        {
            Status.Found(Native.voicecall_event_raw(of, record, out var json, out var length, out var error), error);
            var raw = Utf8.Text(json, length);
            GC.KeepAlive(of);
            return raw;
        }

        internal static string Json(EventHandle of, UIntPtr record)
        {
            Status.Found(Native.voicecall_event_value(of, record, out var value, out var error), error);
            using (var json = new Value(value))
            {
                return json.Json();
            }
        }

        /// <summary>What a record says when its fields are taken together.</summary>
        internal static Value Summary(EventHandle of, UIntPtr record, string pricePerMinute)
        {
            var price = Utf8.Terminated(pricePerMinute);
            Status.Found(Native.voicecall_event_summary(of, record, price, out var value, out var error), error);
            return new Value(value);
        }
    }
}
